# SPDX-License-Identifier: GPL-3.0-or-later
"""A long day in real time: one live tablet and one hub, 300 operations, the link lost 60 times, the tablet put to sleep 20
times. What it holds open and in memory stays flat, and nothing is lost. --points is how many seconds it takes."""
import os
import signal
import subprocess
import sys
import threading
import time

import points  # first: it knows where the harness lies
from shift import marks_of, opened, point_at

import harness
from harness import Hub, Tablet, equal, expect, main, own, picture, test, to_work_on, wait_until
from proxy import Link, Proxy

SECONDS = max(20, points.main(sys.argv))
OPERATIONS, LOSSES, SLEEPS, SAMPLES = 300, 60, 20, 40
LIVE = os.environ.get("SHETACH_FAULTS_LIVE", "")
MIB = 1 << 20


class LiveTablet(Tablet):
    def begin(self):
        with open(self.folder + ".stderr", "ab") as errors:
            self.process = subprocess.Popen([LIVE, self.folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors,
                                            env={**os.environ, **harness.SANITIZER})

    def say(self, *words):
        self.process.stdin.write(f"{' '.join(words)}\n".encode())
        self.process.stdin.flush()
        return self.process.stdout.readline() == b"ok\n"

    def end(self):
        self.process.stdin.close()
        equal(self.process.wait(harness.TIME_LIMIT), 0, "the live tablet's exit status")
        self.process.stdout.close()


class Measured:
    def __init__(self, name, pid, database):
        self.name, self.pid, self.database = name, pid, database
        self.handles, self.memory, self.wal = [], [], []

    def take(self):
        self.handles.append(len(os.listdir(f"/proc/{self.pid}/fd")))
        with open(f"/proc/{self.pid}/statm", encoding="ascii") as file:
            self.memory.append(int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE"))
        path = self.database + "-wal"
        self.wal.append(os.path.getsize(path) if os.path.exists(path) else 0)

    def flat(self):
        """What the second half needed at the most, against the first; a first fill and caches come before."""
        half = len(self.handles) // 2
        for what, values, slack in (("handles", self.handles, 8), ("memory", self.memory, 24 * MIB), ("wal", self.wal, 9 * MIB)):
            early, late = max(values[2:half]), max(values[half:])
            print(f"# {self.name} {what}: at the most {early} in the first half, {late} in the second", flush=True)
            expect(late <= early + slack, self.name, what, "grows:", early, late)
        expect(max(self.wal) < 10 * MIB, "the WAL:", max(self.wal))


def sleep_and_wake(tablet, seconds):
    tablet.process.send_signal(signal.SIGSTOP)
    threading.Event().wait(seconds)
    tablet.process.send_signal(signal.SIGCONT)


@test
def a_day_with_a_link_that_comes_and_goes(folder):
    hub = Hub(f"{folder}/hub").start()
    link = Link()
    proxy = Proxy(hub.port, link)
    hub.tablet("tablet")
    tablet = LiveTablet(f"{folder}/tablet")
    point_at(tablet, proxy.url)
    tickets = to_work_on(tablet, 6)
    tablet.begin()
    measured = [Measured("tablet", tablet.process.pid, f"{tablet.folder}/store.db"),
                Measured("hub", hub.process.pid, f"{hub.folder}/hub.db")]
    marks, begun = [], time.monotonic()
    for i in range(OPERATIONS):
        wait = begun + i * SECONDS / OPERATIONS - time.monotonic()
        if wait > 0:
            threading.Event().wait(wait)
        ticket = tickets[i % len(tickets)]
        if i % 10 == 9:
            marks.append(picture(f"{folder}/{i}.jpg", seed=i, noise=2))
            expect(tablet.say("photo", ticket, marks[-1]))
        elif i % 10 == 4:
            tablet.say("status", ticket, "waiting" if i // 60 % 2 else "in_progress")
        else:
            marks.append(f"note {i}")
            expect(tablet.say("note", ticket, marks[-1]))
        if i % (OPERATIONS // LOSSES) == 1:
            link.lose()
        if i % (OPERATIONS // SLEEPS) == 7:
            sleep_and_wake(tablet, SECONDS / OPERATIONS / 2)
        if i % 20 == 0:
            hub.do("assign", tickets[(i // 20) % len(tickets)], "roads-1")
        if i % (OPERATIONS // SAMPLES) == 0:
            for one in measured:
                one.take()
    equal(link.era, LOSSES, "losses of the link")
    wait_until(lambda: nothing_waits(tablet), "all is sent", limit=600)
    for one in measured:
        one.take()
        one.flat()
    tablet.end()
    equal(tablet.sync()["pending"], 0)
    tablet.agrees()
    there = [mark for ticket in tickets for mark in marks_of(own(hub.ticket(ticket), tablet.device)) if mark]
    equal(sorted(there), sorted(marks), "each once")
    expect(", 0 faults" in hub.do("check").out)
    print(f"# {OPERATIONS} operations, {LOSSES} losses of the link, {SLEEPS} sleeps in {time.monotonic() - begun:.0f} s")
    proxy.close()


def nothing_waits(tablet):
    with opened(f"{tablet.folder}/store.db") as db:
        return db.execute("SELECT (SELECT count(*) FROM op WHERE state < 2) + (SELECT count(*) FROM blob WHERE state < 2)"
                          ).fetchone()[0] == 0


main()
