#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The window with 10 and with 100,000 tickets, on the display it is given:
window.py HUB CTL SHETACH EMPTY ACTS [TICKETS TICKETS]"""
import os, re, signal, statistics, subprocess, sys, tempfile, threading, time

HUB, CTL, SHETACH, EMPTY, ACTS = sys.argv[1:6]
FEW, MANY = [int(n) for n in sys.argv[6:8]] or [10, 100000]
STARTS = 11
SIZE = "1280x800"
# Enough for many thousands of rows; how far it came is printed.
WHEEL_TURNS = 6000
# Nothing here takes so long: it hangs.
LIMIT_S = 180


def run(*argv):
    return subprocess.run(argv, check=True, capture_output=True, text=True, timeout=LIMIT_S).stdout


def spread(values):
    return f"median {statistics.median(values):.1f} (min {min(values):.1f}, max {max(values):.1f}, n {len(values)})"


def at(values, part):
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def make_store(top, tickets):
    hub, store = f"{top}/hub{tickets}", f"{top}/store{tickets}"
    run(HUB, "sample", "--data", hub, "--tickets", str(tickets))
    process = subprocess.Popen([HUB, "serve", "--data", hub, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE,
                               text=True)
    url = re.search(r"http://\S+", process.stdout.readline()).group(0)
    run(CTL, "--store", store, "enrol", url, run(HUB, "enrol", "--data", hub, "--manager").strip())
    run(CTL, "--store", store, "sync", "--timeout", str(LIMIT_S))
    process.terminate()
    process.wait()
    return store


def forget(store):
    """The window opens as for the first time: with no ticket beside the list."""
    if os.path.exists(f"{store}/window.ini"):
        os.unlink(f"{store}/window.ini")


class Program:
    """A program that tells on its standard output when it painted."""

    def __init__(self, *argv):
        self.start = time.monotonic()
        self.process = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                                        env=dict(os.environ, G_MESSAGES_DEBUG="all"))
        self.limit = threading.Timer(LIMIT_S, self.process.kill)
        self.limit.daemon = True
        self.limit.start()

    def painted(self):
        """Milliseconds from the start until the first frame."""
        for line in self.process.stdout:
            told = re.search(r"first (?:frame|cards) at (\d+) us", line)
            if told:
                return int(told.group(1)) / 1000 - self.start * 1000
        raise SystemExit(f"{self.process.args[0]} painted nothing")

    def furthest(self):
        """Ends it, and returns the furthest row that it read after the first frame, in pages of 16 rows."""
        self.process.send_signal(signal.SIGTERM)
        told = re.findall(r"rows from (\d+)", self.process.communicate()[0])
        self.limit.cancel()
        return max((int(row) for row in told), default=0)

    def peak(self):
        """MiB"""
        with open(f"/proc/{self.process.pid}/status") as file:
            return int(re.search(r"VmHWM:\s+(\d+)", file.read()).group(1)) / 1024

    def end(self):
        """Milliseconds of CPU that all its threads took."""
        self.process.send_signal(signal.SIGTERM)
        self.process.stdout.close()
        usage = os.wait4(self.process.pid, 0)[2]
        self.process.returncode = 0
        self.limit.cancel()
        return (usage.ru_utime + usage.ru_stime) * 1000


def starts(few, many):
    programs = {"empty": (EMPTY,), "few": (SHETACH, "--store", few, "--size", SIZE),
                "many": (SHETACH, "--store", many, "--size", SIZE)}
    wall, cpu = {name: [] for name in programs}, {name: [] for name in programs}
    # In turns, so that a busy minute falls on all of them; what is measured begins with warm files.
    for i in range(STARTS + 1):
        for name, argv in programs.items():
            for store in few, many:
                forget(store)
            program = Program(*argv)
            painted, used = program.painted(), program.end()
            if i > 0:
                wall[name].append(painted)
                cpu[name].append(used)
    print("start until the first frame with cards, ms; the empty window until its first frame")
    for name, words in ("empty", "empty window"), ("few", f"{FEW} tickets"), ("many", f"{MANY} tickets"):
        print(f"  {words:15} {spread(wall[name])}; CPU of all threads {spread(cpu[name])}")
    for name, words, bound in ("few", f"{FEW} tickets", 1.3), ("empty", "the empty window", 2):
        print(f"  {MANY} tickets: {statistics.median(wall['many']) / statistics.median(wall[name]):.2f} x {words} "
              f"(at most {bound}); by the minima {min(wall['many']) / min(wall[name]):.2f}")


def openings(store):
    """What others on the machine take away is in the time, and not in the CPU's."""
    forget(store)
    told = [re.fullmatch(r"(first|next) (\S+) (\S+)", line) for line in run(ACTS, "open", store, SIZE).splitlines()]
    times = {word: [(float(one.group(2)), float(one.group(3))) for one in told if one and one.group(1) == word]
             for word in ("first", "next")}
    print(f"a tap on a card until its ticket is painted, {MANY} tickets, ms; the main thread's CPU in it")
    print(f"  the first time  {times['first'][0][0]:.1f} (at most 100); CPU {times['first'][0][1]:.1f}")
    print(f"  then            {spread([wall for wall, cpu in times['next']])} (at most 100); "
          f"CPU {spread([cpu for wall, cpu in times['next']])}")


def pages(store):
    forget(store)
    told = [re.fullmatch(r"(first|next) (\w+) (\S+) (\S+)", line) for line in run(ACTS, "pages", store, SIZE).splitlines()]
    found = [(one.group(1), one.group(2), float(one.group(3)), float(one.group(4))) for one in told if one]
    print(f"a tap on the rail until the page is painted, {MANY} tickets, ms (at most 100); the main thread's CPU in it")
    for word, words in ("first", "the first time, with its making"), ("next", "then"):
        each = [one for one in found if one[0] == word]
        print(f"  {words}: " + ", ".join(
            f"{page} {statistics.median(one[2] for one in each if one[1] == page):.0f}; "
            f"{statistics.median(one[3] for one in each if one[1] == page):.0f}"
            for page in dict.fromkeys(one[1] for one in each)))


def scrolling(store):
    forget(store)
    own, whole = {}, {}
    for line in run(ACTS, "scroll", store, SIZE).splitlines():
        told = re.fullmatch(r"(slow|fast|jump) (\S+) (\S+)", line)
        if told:
            own.setdefault(told.group(1), []).append(float(told.group(2)))
            whole.setdefault(told.group(1), []).append(float(told.group(3)))
    print(f"a frame of scrolling, {MANY} tickets, CPU ms of the main thread: our own / with the cairo renderer")
    for kind, words in (("slow", "a third of a row a frame"), ("fast", "seven rows a frame"),
                        ("jump", "to a far place, every fifth frame")):
        print(f"  {words:34} median {at(own[kind], 0.5):.1f} / {at(whole[kind], 0.5):.1f}, 99th of 100 "
              f"{at(own[kind], 0.99):.1f} / {at(whole[kind], 0.99):.1f}, max {max(own[kind]):.1f}")
    together = own["slow"] + own["fast"] + own["jump"]
    print(f"  slow and fast, 99th of 100 {at(own['slow'] + own['fast'], 0.99):.1f}; with the jumps "
          f"{at(together, 0.99):.1f} (at most 8)")


def memory(few, many):
    peaks, rows = [], []
    for store in few, many:
        forget(store)
        # In English the list is at the left.
        program = Program(SHETACH, "--store", store, "--size", SIZE, "--english")
        program.painted()
        run("xdotool", "mousemove", "300", "500")
        run("xdotool", "click", "--repeat", str(WHEEL_TURNS), "--delay", "2", "5")
        peaks.append(program.peak())
        rows.append(program.furthest())
    print(f"peak memory, started and scrolled to row {rows[-1]}: {peaks[0]:.1f} MiB with {FEW}, "
          f"{peaks[1]:.1f} MiB with {MANY}: {peaks[1] / peaks[0]:.2f} x (at most 1.3)")


with tempfile.TemporaryDirectory() as top:
    os.environ.update(GSK_RENDERER="cairo", GTK_A11Y="none", GDK_BACKEND="x11", LC_ALL="C.UTF-8", XDG_RUNTIME_DIR=top,
                      XDG_CONFIG_HOME=top, XDG_CACHE_HOME=top, GSETTINGS_BACKEND="memory",
                      DBUS_SESSION_BUS_ADDRESS="disabled:")
    few_store, many_store = make_store(top, FEW), make_store(top, MANY)
    starts(few_store, many_store)
    openings(many_store)
    pages(many_store)
    scrolling(many_store)
    memory(few_store, many_store)
