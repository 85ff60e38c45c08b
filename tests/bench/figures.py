#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures: those of a dashboard beside a bare count of the journeys' events, on the hub and on a manager's tablet; and what it
costs a first pull to keep them: figures.py HUB CTL CTL-WITHOUT-FACTS FIGURES [TICKETS]"""
import os, resource, sqlite3, statistics, sys, tempfile, time
from programs import Hub, run, spread

HUB, CTL, WITHOUT, FIGURES = sys.argv[1:5]
TICKETS = int(sys.argv[5]) if len(sys.argv) > 5 else 100000
PULLS = 5
PULL_TICKETS = 20000


def dashboard(where, path):
    took = {}
    for line in run(FIGURES, where, path).splitlines():
        name, value = line.split()
        took.setdefault(name, []).append(float(value))
    events = int(took.pop("events")[0])
    count, figures = took.pop("count"), took.pop("figures")
    print(f"dashboard on the {where}, {TICKETS} tickets with {events} events")
    print(f"  count ms   {spread(count)}")
    print(f"  figures ms {spread(figures)}: {statistics.median(figures) / statistics.median(count):.2f} x count (at most 1)")
    print("  by " + ", ".join(f"{by} {statistics.median(ms) / statistics.median(count):.2f}" for by, ms in took.items()), flush=True)


def timed(*args):
    used, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    run(*args)
    wall, now = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall * 1000, (now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime) * 1000


def first_pulls(top):
    """The same pull by the same tablet, with and without facts, in turns."""
    hub = Hub(HUB, CTL, f"{top}/pulled-from", PULL_TICKETS)
    took = {CTL: [], WITHOUT: []}
    for i in range(PULLS + 1):
        for program in (CTL, WITHOUT) if i % 2 else (WITHOUT, CTL):
            hub.enrol(f"{top}/pull")
            times = timed(program, "--store", f"{top}/pull", "sync")
            with sqlite3.connect(f"{top}/pull/store.db") as db:
                facts, tickets = (db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("fact", "ticket"))
            assert tickets == PULL_TICKETS and facts == (tickets if program == CTL else 0), (facts, tickets)
            if i:  # the first of all also reads the hub's database from the disk
                took[program].append(times)
    hub.close()
    print(f"first pull of {PULL_TICKETS} tickets")
    for n, what in enumerate(("wall clock", "processor")):
        ours, bare = ([times[n] for times in took[program]] for program in (CTL, WITHOUT))
        print(f"  {what} ms without facts {spread(bare)}")
        print(f"  {what} ms with them     {spread(ours)}: {100 * (statistics.median(ours) / statistics.median(bare) - 1):+.1f} % (at most +15)")
    sys.stdout.flush()


with tempfile.TemporaryDirectory(prefix="shetach-bench-", dir=os.environ.get("TMPDIR")) as top:
    first_pulls(top)
    hub = Hub(HUB, CTL, f"{top}/hub", TICKETS)
    hub.enrol(f"{top}/manager")
    hub.sync(f"{top}/manager")
    hub.close()
    dashboard("hub", f"{top}/hub")
    dashboard("tablet", f"{top}/manager")
