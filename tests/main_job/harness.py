# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the main job share: the programs themselves, each in its own folder, and TAP.

A test file calls main() with Meson's arguments: the paths of shetach-hub and shetachctl."""
import fcntl
import hashlib
import json
import os
import re
import select
import shutil
import sqlite3
import struct
import subprocess
import sys
import tempfile
import termios
import time
import traceback

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "data", "sample"))
sys.path.append(os.path.join(TOP, "tests", "faults"))  # for the proxy
sys.dont_write_bytecode = True
import photo as sample_photo  # noqa: E402

# For whatever a machine does that others may keep busy.
TIME_LIMIT = 180
FIRST_CHUNK, LARGEST_CHUNK = 64 * 1024, 256 * 1024
REAL = os.environ.get("SHETACH_REAL_DATA", "")
# So that a sanitizer's find is not taken for the programs' own exit status 1.
SANITIZER = {"ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":exitcode=99", "LC_ALL": "C.UTF-8",
             # nobody's keyring but a test's own
             "DBUS_SESSION_BUS_ADDRESS": "disabled:"}

hub_program = ctl_program = None
scratch = None
tests = []


class Skip(Exception):
    """Raised by a test that cannot run here."""


def test(function):
    tests.append(function)
    return function


def expect(truth, *what):
    if not truth:
        raise AssertionError(" ".join(str(one) for one in what))


def equal(a, b, what=""):
    expect(a == b, what, f"\n  {repr(a)[:2000]}\nis not\n  {repr(b)[:2000]}")


def real(*path):
    if not REAL:
        raise Skip("no real data")
    return os.path.join(REAL, *path)


class Done:
    """How a program ended."""

    def __init__(self, argv, status, out, err):
        self.argv, self.status = argv, status
        self.out, self.err = out.decode(errors="replace"), err.decode(errors="replace")

    def __str__(self):
        return f"{' '.join(self.argv)}\nended with {self.status}\n{self.out[-2000:]}\n{self.err[-4000:]}"

    @property
    def said(self):
        """The lines on stderr."""
        return self.err.splitlines()

    def json(self):
        return json.loads(self.out)


def sane(done):
    expect(done.status != 99 and "Sanitizer" not in done.err and "runtime error:" not in done.err, done)
    expect("CRITICAL" not in done.err and "assert" not in done.err, done)
    return done


def start(argv, **env):
    return subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            env={**os.environ, **SANITIZER, **env})


def finish(process, status=0, limit=TIME_LIMIT):
    """Waits for a program to end, with that status (None: any)."""
    try:
        out, err = process.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
        raise AssertionError(f"took more than {limit} s: {Done(process.args, None, out, err)}")
    done = sane(Done(process.args, process.returncode, out, err))
    expect(status is None or done.status == status, "expected", status, "but", done)
    return done


def run(*argv, status=0, limit=TIME_LIMIT, **env):
    return finish(start([str(a) for a in argv], **env), status, limit)


def refused(done, *words):
    """One line on stderr, which names the thing."""
    expect(len(done.said) == 1, "one line on stderr expected:", done)
    for word in words:
        expect(str(word) in done.said[0], f"“{word}” expected in", done)
    return done


class Hub:
    """A hub with a folder of its own: a copy of one sample town, which is the same on every day."""

    templates = {}
    env = {}  # more environment for this hub's programs

    def __init__(self, folder, sample=True):
        self.folder = folder
        self.process = self.port = self.url = None
        if sample:
            shutil.copytree(Hub.template(), folder)

    @staticmethod
    def template(tickets=400):
        if tickets not in Hub.templates:
            folder = os.path.join(scratch, f"template-{tickets}")
            run(hub_program, "sample", "--data", folder, "--tickets", tickets, "--seed", 7,
                "--date", "2025-01-15")
            give_work(folder, "roads-1", 12)
            Hub.templates[tickets] = folder
        return Hub.templates[tickets]

    def start(self, *options):
        self.errors = open(self.folder + ".stderr", "ab")
        end = time.monotonic() + TIME_LIMIT
        while True:
            self.process = subprocess.Popen([hub_program, "serve", "--data", self.folder, "--listen",
                                             f"127.0.0.1:{self.port or 0}", *options], stdin=subprocess.DEVNULL,
                                            stdout=subprocess.PIPE, stderr=self.errors,
                                            env={**os.environ, **SANITIZER, **self.env})
            if not self.port or time.monotonic() > end or not self.is_port_taken():
                break
        running.append(self)
        self.url = listening(self.process)
        self.port = int(self.url.rsplit(":", 1)[1])
        return self

    def is_port_taken(self):
        """Whether the hub ended because another test's program, which got any port, got this one while it was down."""
        select.select([self.process.stdout], [], [], TIME_LIMIT)
        if struct.unpack("i", fcntl.ioctl(self.process.stdout, termios.FIONREAD, b"\0" * 4))[0] > 0:
            return False
        self.process.wait(TIME_LIMIT)
        with open(self.folder + ".stderr", "rb") as errors:
            taken = b"Address already in use" in errors.read()
        if taken:
            os.truncate(self.folder + ".stderr", 0)
            time.sleep(1)
        return taken

    def end(self, how):
        how()
        self.process.wait(TIME_LIMIT)
        status = self.process.returncode
        self.process.stdout.close()
        self.errors.close()
        running.remove(self)
        self.process = None
        with open(self.folder + ".stderr", "rb") as errors:
            sane(Done(["shetach-hub", "serve"], status, b"", errors.read()))
        return status

    def stop(self):
        equal(self.end(self.process.terminate), 0, "the hub's exit status")

    def kill(self):
        self.end(self.process.kill)

    def do(self, *words, status=0):
        return run(hub_program, words[0], *words[1:], "--data", self.folder, status=status, **self.env)

    def ticket(self, ticket):
        return self.do("ticket", ticket, "--json").json()

    def code(self, *who):
        return self.do("enrol", *who).out.strip()

    def tablet(self, name, crew="roads-1", person=None, url=None):
        tablet = Tablet(os.path.join(os.path.dirname(self.folder), name))
        who = ["--crew", crew] + (["--person", person] if person else [])
        tablet.do("enrol", url or self.url, self.code(*who))
        tablet.sync()
        return tablet

    def supervisor(self, name, department):
        tablet = Tablet(os.path.join(os.path.dirname(self.folder), name))
        tablet.do("enrol", self.url, self.code("--supervisor", department))
        tablet.sync()
        return tablet


def give_work(folder, crew, n):
    with sqlite3.connect(f"file:{folder}/hub.db?mode=ro", uri=True) as db:
        ids = [row[0] for row in db.execute("SELECT id FROM entity WHERE type = 'ticket' AND doc ->> 'status' IN "
                                            "('new', 'assigned') ORDER BY doc ->> 'status' DESC, id LIMIT ?", (n,))]
    for one in ids:
        run(hub_program, "assign", one, crew, "--data", folder)


running = []


def listening(process):
    """Waits for a hub's line that says where it listens."""
    ready, _, _ = select.select([process.stdout], [], [], TIME_LIMIT)
    line = process.stdout.readline().decode() if ready else ""
    match = re.fullmatch(r"listening on (http://\S+:\d+)\n", line)
    expect(match, "the hub's first line is", repr(line))
    return match.group(1)


# Some services ask for photos and answers before a ticket is done; what is said where there are none.
WITHOUT = ("--without-photo", "before", "--without-photo", "after")
NO_PHOTOS = (*WITHOUT, "--without-answers", "--reason", "nobody had a camera")


class Tablet:
    env = {}  # more environment for this tablet's programs

    def __init__(self, folder):
        self.folder = folder

    def argv(self, *words):
        return [ctl_program, "--store", self.folder, *[str(word) for word in words]]

    def start(self, *words):
        return start(self.argv(*words), **self.env)

    def do(self, *words, status=0, limit=TIME_LIMIT, **env):
        return run(*self.argv(*words), status=status, limit=limit, **{**self.env, **env})

    def sync(self, status=0):
        return self.do("sync", "--json", status=status).json()

    def show(self, ticket):
        return self.do("show", ticket, "--json").json()

    def list(self, *options):
        return self.do("list", "--json", *options).json()

    def outbox(self):
        return self.do("outbox", "--json").json()

    def agrees(self):
        expect("agree" in self.do("check").out)

    @property
    def device(self):
        with open(os.path.join(self.folder, "device.json"), encoding="utf-8") as file:
            return json.load(file)["device"]


def to_work_on(tablet, n=1):
    """Tickets that a crew has been given and has not started."""
    ids = [one["id"] for one in tablet.list("--status", "assigned")]
    expect(len(ids) >= n, "only", len(ids), "assigned tickets")
    return ids[:n] if n > 1 else ids[0]


def own(ticket, device):
    """What a tablet did to a ticket, in the journey's order."""
    return [event for event in ticket["events"] if event.get("device") == device]


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def picture(path, seed=1, **how):
    with open(path, "wb") as file:
        file.write(sample_photo.make(seed, **how))
    return path


def pictures(folder, n=14):
    """The real photos when they are there, else as many made-up ones."""
    if REAL:
        found = sorted(os.path.join(REAL, "photos", name) for name in os.listdir(os.path.join(REAL, "photos")))
        equal(len(found), n, "real photos")
        return found
    return [picture(os.path.join(folder, f"photo-{i}.jpg"), seed=i) for i in range(n)]


def wait_until(condition, what, limit=TIME_LIMIT):
    end = time.monotonic() + limit
    while not condition():
        expect(time.monotonic() < end, "waited in vain until", what)
        select.select([], [], [], 0.01)



def run_one(number, function):
    name = function.__name__.replace("_", " ")
    folder = tempfile.mkdtemp(dir=scratch)
    try:
        function(folder)
        print(f"ok {number} - {name}", flush=True)
        return True
    except Skip as skip:
        print(f"ok {number} - {name} # SKIP {skip}", flush=True)
        return True
    except Exception:  # whatever goes wrong in a test is that test's failure
        for line in traceback.format_exc().splitlines():
            print(f"# {line}")
        for hub in list(running):
            with open(hub.folder + ".stderr", errors="replace") as errors:
                for line in errors.read()[-3000:].splitlines():
                    print(f"# hub: {line}")
        print(f"not ok {number} - {name}", flush=True)
        return False
    finally:
        for hub in list(running):
            hub.process.kill()
            hub.process.wait()
            running.remove(hub)
        shutil.rmtree(folder, ignore_errors=True)


def main():
    global hub_program, ctl_program, scratch
    hub_program, ctl_program = (os.path.abspath(path) for path in sys.argv[1:3])
    wanted = [function for function in tests if not sys.argv[3:] or function.__name__ in sys.argv[3:]]
    print(f"1..{len(wanted)}", flush=True)
    with tempfile.TemporaryDirectory(prefix="shetach-test-") as scratch:
        results = [run_one(i + 1, function) for i, function in enumerate(wanted)]
    sys.exit(0 if all(results) else 1)
