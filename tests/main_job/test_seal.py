# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of residents lies sealed on a tablet; the office can have its key destroyed, and no work is lost by that."""
import contextlib
import http.server
import json
import os
import shutil
import sqlite3
import stat
import subprocess
import tempfile
import threading
import urllib.error
import urllib.parse
import urllib.request

from harness import Hub, NO_PHOTOS, Skip, Tablet, equal, expect, main, picture, test, to_work_on, wait_until


def residents(tablet, most=6):
    """What the tablet shows of residents, by ticket: a start of the program for each."""
    with contextlib.closing(sqlite3.connect(os.path.join(tablet.folder, "store.db"))) as db:
        told = {one for (one,) in db.execute("SELECT id FROM ticket WHERE doc ->> 'resident' IS NOT NULL")}
    some = sorted(told & {one["id"] for one in tablet.list()})[:most]
    shown = {one: tablet.show(one).get("resident") for one in some}
    return {ticket: resident for ticket, resident in shown.items() if isinstance(resident, dict)}


def secrets_of(hub, tablet):
    """Names and phones, as the hub has them, of residents whose tickets are on the tablet."""
    words = set()
    ids = [one["id"] for one in tablet.list()]
    with sqlite3.connect(f"file:{hub.folder}/hub.db?mode=ro", uri=True) as db:
        for (doc,) in db.execute("SELECT doc ->> 'resident' FROM entity WHERE type = 'ticket' AND doc ->> 'resident' IS NOT NULL "
                                 "AND id IN (SELECT value FROM json_each (?))", (json.dumps(ids),)):
            words |= {json.loads(doc)[member] for member in ("name", "phone") if json.loads(doc).get(member)}
    expect(len(words) > 3, "the sample names only", words)
    return words


def readable(tablet, words):
    """Which of these can be read out of the tablet's files."""
    found = set()
    for name in os.listdir(tablet.folder):
        path = os.path.join(tablet.folder, name)
        if os.path.isfile(path):
            with open(path, "rb") as file:
                data = file.read()
            found |= {(name, word) for word in words if word.encode() in data}
    return found


def place(tablet):
    with open(os.path.join(tablet.folder, "seal.json"), encoding="utf-8") as file:
        return json.load(file)["place"]


class Keyring:
    """A real Secret Service on a bus of its own."""

    def __init__(self, folder):
        self.folder = folder
        self.runtime = tempfile.mkdtemp(prefix="keyring-")
        self.env = {"XDG_DATA_HOME": f"{folder}/data", "XDG_RUNTIME_DIR": self.runtime, "HOME": folder}
        # one that starts nothing by itself
        with open(f"{self.runtime}/bus.conf", "w", encoding="utf-8") as file:
            file.write(f"<busconfig><type>session</type><listen>unix:path={self.runtime}/bus</listen><policy context='default'>"
                       "<allow send_destination='*'/><allow eavesdrop='true'/><allow own='*'/></policy></busconfig>")
        self.bus = subprocess.Popen(["dbus-daemon", "--config-file", f"{self.runtime}/bus.conf", "--nofork", "--print-address=1"],
                                    stdout=subprocess.PIPE, env={**os.environ, **self.env})
        self.env["DBUS_SESSION_BUS_ADDRESS"] = self.bus.stdout.readline().decode().strip()
        self.daemon = None
        self.open()

    def open(self):
        self.daemon = subprocess.Popen(["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"],
                                       stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                       env={**os.environ, **self.env})
        self.daemon.stdin.write(b"of this test alone")
        self.daemon.stdin.close()
        wait_until(self.is_there, "the keyring is there")

    def is_there(self):
        done = subprocess.run(["gdbus", "call", "--session", "--dest", "org.freedesktop.DBus", "--object-path",
                               "/org/freedesktop/DBus", "--method", "org.freedesktop.DBus.NameHasOwner",
                               "org.freedesktop.secrets"], env={**os.environ, **self.env}, capture_output=True, check=False)
        return b"true" in done.stdout

    def close(self):
        self.daemon.kill()
        self.daemon.wait()

    def end(self):
        self.close()
        self.bus.kill()
        self.bus.wait()
        self.bus.stdout.close()
        shutil.rmtree(self.runtime)


@test
def what_is_known_of_residents_cannot_be_read_out_of_the_files(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("crew")
    words = secrets_of(hub, tablet)
    equal(place(tablet), "file")
    equal(stat.S_IMODE(os.stat(os.path.join(tablet.folder, "seal.json")).st_mode), 0o600)
    before = residents(tablet)
    expect(len(before) > 1, "residents on", before)
    equal(before, {ticket: hub.ticket(ticket)["resident"] for ticket in before})
    equal(readable(tablet, words), set())
    tablet.agrees()
    # with work on it, sent and not sent
    ticket = to_work_on(tablet)
    tablet.do("status", ticket, "in_progress")
    for one in (ticket, *before):
        tablet.do("note", one, "on the way")
    equal(residents(tablet), before)
    equal(readable(tablet, words), set())
    tablet.sync()
    equal(residents(tablet), before)
    equal(readable(tablet, words), set())
    tablet.agrees()
    hub.stop()


@test
def what_an_older_program_had_put_down_is_sealed_by_the_next_sync(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("crew")
    words, before = secrets_of(hub, tablet), residents(tablet)
    ticket = to_work_on(tablet)
    tablet.do("status", ticket, "in_progress")
    os.unlink(os.path.join(tablet.folder, "seal.json"))
    # Closed before the tablet is used: SQLite's locks do not part two of a process's own handles on a file.
    with contextlib.closing(sqlite3.connect(os.path.join(tablet.folder, "store.db"))) as db, db:
        db.execute("DELETE FROM meta WHERE key = 'sealed_with'")
        for one, resident in before.items():
            for table in ("ticket", "base"):
                for row, doc in db.execute(f"SELECT rowid, doc FROM {table} WHERE id = ?", (one,)).fetchall():
                    plain = json.dumps({**json.loads(doc), "resident": resident}, ensure_ascii=False, separators=(",", ":"))
                    db.execute(f"UPDATE {table} SET doc = ? WHERE rowid = ?", (plain, row))
    expect(readable(tablet, words) != set(), "an older store shows what it knows")
    equal(residents(tablet), before)
    tablet.sync()
    equal(residents(tablet), before)
    wait_until(lambda: tablet.sync() is not None and readable(tablet, words) == set(), "it is sealed")
    tablet.agrees()
    hub.stop()


@test
def the_key_lies_in_the_keyring_where_there_is_one(folder):
    hub = Hub(f"{folder}/hub").start()
    ring = Keyring(f"{folder}/ring-home")
    try:
        Tablet.env = {}
        tablet = Tablet(f"{folder}/crew")
        tablet.do("enrol", hub.url, hub.code("--crew", "roads-1"))
        equal(place(tablet), "file")
        # it moves in as soon as there is one
        tablet.env = ring.env
        tablet.sync()
        equal(place(tablet), "keyring")
        with open(os.path.join(tablet.folder, "seal.json"), encoding="utf-8") as file:
            expect("key" not in json.load(file), "the key lies beside the store")
        words, before = secrets_of(hub, tablet), residents(tablet, 1000)
        expect(len(before) > 1)
        tablet.agrees()
        # no keyring: all goes on, and nothing is put down that could be read
        ring.close()
        equal(residents(tablet), {})
        ticket = to_work_on(tablet)
        tablet.do("status", ticket, "in_progress")
        hub.do("assign", hub_ticket_of_nobody(hub, tablet), "roads-1")
        tablet.sync()
        equal(hub.ticket(ticket)["status"], "in_progress")
        equal(readable(tablet, words | secrets_of(hub, tablet)), set())
        # and when it is back, all is there again
        ring.open()
        tablet.sync()
        after = residents(tablet, 1000)
        equal(after, {one: hub.ticket(one)["resident"] for one in after})
        expect(set(before) < set(after), "the new one's resident is not there")
        tablet.agrees()
        # a keyring that lost the key: another is made, and what it sealed comes again
        ring.close()
        for name in os.listdir(f"{ring.folder}/data/keyrings"):
            os.unlink(f"{ring.folder}/data/keyrings/{name}")
        ring.open()
        tablet.sync()
        equal(residents(tablet, 1000), after)
        equal(place(tablet), "keyring")
        equal(readable(tablet, words), set())
        tablet.agrees()
    finally:
        ring.end()
    hub.stop()


def hub_ticket_of_nobody(hub, tablet):
    """A ticket with a resident that the tablet has not got."""
    here = {one["id"] for one in tablet.list()}
    with sqlite3.connect(f"file:{hub.folder}/hub.db?mode=ro", uri=True) as db:
        for (one,) in db.execute("SELECT id FROM entity WHERE type = 'ticket' AND doc ->> 'status' = 'new' AND "
                                 "doc ->> '$.resident.phone' IS NOT NULL ORDER BY id"):
            if one not in here:
                return one
    raise Skip("the sample has no new ticket with a resident")


@test
def a_key_that_cannot_be_kept_stops_nobody(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("crew")
    words, before = secrets_of(hub, tablet), residents(tablet)
    path = os.path.join(tablet.folder, "seal.json")
    for damage in (b"", b"{", b'{"place":"file"}', b'{"place":"file","name":"x","key":"short"}', b"\0" * 200):
        with open(path, "wb") as file:
            file.write(damage)
        tablet.sync()
        equal(residents(tablet), before)
        equal(readable(tablet, words), set())
    tablet.agrees()
    # where there is no way to keep one, work goes on without residents' details
    os.unlink(path)
    os.mkdir(path)
    equal(residents(tablet), {})
    ticket = to_work_on(tablet)
    tablet.do("status", ticket, "in_progress")
    tablet.sync()
    equal(hub.ticket(ticket)["status"], "in_progress")
    equal(readable(tablet, words), set())
    os.rmdir(path)
    tablet.sync()
    equal(residents(tablet), before)
    tablet.agrees()
    hub.stop()


class Portal(http.server.BaseHTTPRequestHandler):
    """What a hotel's network answers to everything."""

    body = b"<html>Log in</html>"

    def answer(self):
        self.send_response(403)
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    do_GET = do_POST = answer

    def log_message(self, *words):
        pass


@test
def a_tablet_that_the_office_seals_destroys_its_key_and_says_what_it_had_not_sent(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet, other = hub.tablet("crew"), hub.tablet("other")
    words, before = secrets_of(hub, tablet), residents(tablet)
    ticket, second = to_work_on(tablet, 2)
    hub.stop()
    tablet.do("status", ticket, "in_progress")
    tablet.do("note", second, "a note that waits")
    tablet.do("photo", ticket, picture(f"{folder}/hole.jpg"), "--role", "before")
    hub.do("seal", tablet.device)
    equal(len([one for one in hub.do("devices", "--json").json() if "sealed_at" in one]), 1)
    expect("not in touch since" in hub.do("devices").out)
    # a stranger's 403 destroys nothing
    for Portal.body in (b"<html>Log in</html>", b'{"error":"sealed"}', b'{"error":"forbidden","message":"no"}'):
        server = http.server.HTTPServer(("127.0.0.1", hub.port), Portal)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        tablet.do("sync", status=None)
        server.shutdown()
        server.server_close()
        thread.join()
        equal(residents(tablet), before)
    # the hub's does
    hub.start()
    done = tablet.do("sync", status=None)
    expect(done.status != 0 and "sealed" in done.err, done)
    equal(residents(tablet), {})
    equal(place(tablet), "destroyed")
    equal(readable(tablet, words), set())
    said = [one for one in hub.do("devices", "--json").json() if one["device"] == tablet.device][0]["unsent"]
    equal([(one["kind"], one["entity"]) for one in said["operations"]],
          [("ticket.status", ticket), ("ticket.note", second), ("photo.attach", said["operations"][2]["entity"])])
    equal((said["operations_count"], said["photos_count"], len(said["photos"])), (3, 1, 1))
    expect("it had not sent 3 steps and 1 photos" in hub.do("devices").out)
    # its login is good for nothing, and nothing of its work is lost
    with open(os.path.join(tablet.folder, "device.json"), encoding="utf-8") as file:
        expect("token" not in json.load(file), "it still has its login")
    equal(len(tablet.outbox()), 4, "three steps and a photo")
    equal(hub.ticket(ticket)["status"], "assigned")
    tablet.do("rescue", f"{folder}/a.rescue")
    hub.do("rescue", f"{folder}/a.rescue")
    equal(hub.ticket(ticket)["status"], "in_progress")
    # others go on, and this one too once somebody enrols it anew
    other.sync()
    other.agrees()
    expect(residents(other) != {}, "the other crew's tablet lost what it knew")
    tablet.do("enrol", hub.url, hub.code("--crew", "roads-1"))
    tablet.sync()
    equal(residents(tablet), before)
    equal(tablet.outbox(), [])
    tablet.agrees()
    equal([one for one in hub.do("devices", "--json").json() if "sealed_at" in one], [])
    hub.stop()


@test
def what_a_sealed_tablet_says_is_checked(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("crew")
    with open(os.path.join(tablet.folder, "device.json"), encoding="utf-8") as file:
        login = json.load(file)["token"]

    def say(body, token=login, path="/v1/unsent"):
        headers = {"Content-Type": "application/json", "Shetach-Protocol": "1", "Authorization": f"Bearer {token}"}
        try:
            with urllib.request.urlopen(urllib.request.Request(hub.url + path, body, headers)) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)["error"]

    good = {"operations": [], "photos": [], "operations_count": 0, "photos_count": 0}
    equal(say(json.dumps(good).encode()), (403, "forbidden"), "nobody has sealed it")
    for words in (["seal", tablet.device[:7]], ["seal", "z" * 8], ["seal"], ["devices", "x"]):
        expect(hub.do(*words, status=None).status != 0, words)
    hub.do("seal", tablet.device[:-3])
    equal(say(json.dumps(good).encode(), token="x"), (401, "unauthorised"))
    for bad in (b"", b"{", b"[]", b"{}", json.dumps({**good, "operations": 3}).encode(),
                json.dumps({**good, "operations": [{}] * 1001}).encode(), json.dumps({**good, "photos_count": -1}).encode()):
        equal(say(bad), (400, "bad_request"), bad[:40])
    equal(say(b"x" * (513 * 1024))[0], 413)
    equal(say(b"{}", path="/v1/sync/push"), (403, "sealed"))
    equal(say(json.dumps(good).encode())[0], 200)
    hub.stop()


@test
def a_tablet_that_waits_at_the_hub_is_told_at_once_that_it_is_sealed(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("crew")
    with open(os.path.join(tablet.folder, "device.json"), encoding="utf-8") as file:
        login = json.load(file)["token"]
    with contextlib.closing(sqlite3.connect(os.path.join(tablet.folder, "store.db"))) as db:
        (cursor,) = db.execute("SELECT value FROM meta WHERE key = 'cursor'").fetchone()
    answers = []

    def wait():
        url = f"{hub.url}/v1/sync/pull?cursor={urllib.parse.quote(cursor)}&wait=50"
        try:
            with urllib.request.urlopen(urllib.request.Request(url, headers={"Authorization": f"Bearer {login}"})) as answer:
                answers.append((answer.status, answer.read()))
        except urllib.error.HTTPError as error:
            answers.append((error.code, json.load(error)["error"]))

    waiting = threading.Thread(target=wait)
    waiting.start()
    waiting.join(2)
    equal(answers, [], "there is nothing new")
    hub.do("seal", tablet.device)
    waiting.join(20)
    equal(answers, [(403, "sealed")])
    hub.stop()


@test
def a_keyring_that_is_not_there_holds_up_the_seal_until_it_is(folder):
    hub = Hub(f"{folder}/hub").start()
    ring = Keyring(f"{folder}/ring-home")
    try:
        Tablet.env = {}
        tablet = Tablet(f"{folder}/crew")
        tablet.env = ring.env
        tablet.do("enrol", hub.url, hub.code("--crew", "roads-1"))
        tablet.sync()
        expect(place(tablet) == "keyring" and residents(tablet) != {})
        path = os.path.join(tablet.folder, "seal.json")
        with open(path, "rb") as file:
            told = file.read()
        ring.close()
        hub.do("seal", tablet.device)
        for _ in range(2):
            expect(tablet.do("sync", "--timeout", "2", status=None).status != 0)
            expect("not in touch since" in hub.do("devices").out, hub.do("devices").out)
        equal(residents(tablet), {})
        # the next time it is
        ring.open()
        tablet.do("sync", status=None)
        equal(place(tablet), "destroyed")
        expect("done" in hub.do("devices").out, hub.do("devices").out)
        # and the key is nowhere
        with open(path, "wb") as file:
            file.write(told)
        equal(residents(tablet), {})
    finally:
        ring.end()
    hub.stop()


main()
