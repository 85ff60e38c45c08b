# SPDX-License-Identifier: GPL-3.0-or-later
"""Which calls of a half shift are spoilt and how, and what comes of it. The shift is walked through once to count them and to
keep what each part begins with; a point then costs one part and the oracle."""
import concurrent.futures
import datetime
import os
import shutil
import traceback

from shift import Shift, prepare  # first: it knows where the harness lies

import harness
import preload
from harness import expect

WHO = ("crew", "hub")
WRITES = ("write", "send")
# How many of a hundred points are calls of that kind, where there are so many.
KILLS = {"write": 30, "sync": 28, "send": 18, "rename": 8, "make": 9, "unlink": 4, "cut": 3}
ERRORS = {"write": 48, "sync": 20, "send": 6, "rename": 8, "make": 10, "unlink": 4, "cut": 4}
MOST_TOLD = 5


def errors_of(kind):
    if kind == "write":
        return ("enospc", "short", "eio")
    if kind == "send":
        return ("short",)
    return ("eio", "enospc") if kind in ("sync", "make") else ("eio",)


def kills_of(kind):
    return ("kill-before", "kill-half", "kill-after") if kind in WRITES else ("kill-before", "kill-after")


def rotation():
    """Another choice each day, and the same all day long."""
    return int(os.environ.get("SHETACH_SEED") or datetime.date.today().toordinal())


class Walk:
    """The shift without a fault: what each part begins with, and how often each thing had been called by then."""

    def __init__(self, folder):
        self.folder = folder
        self.starts, self.counts = [], []
        state = prepare(f"{folder}/walk")
        tallies = {who: preload.Tally(f"{folder}/{who}.tally") for who in WHO}
        for part in range(len(Shift(state).parts())):
            self.starts.append(state.copy(f"{folder}/part-{part}"))
            self.counts.append({who: tallies[who].calls for who in WHO})
            with Shift(state, *[preload.environment(state.at(who), tallies[who]) for who in WHO]) as shift:
                shift.parts()[part]()
            with Shift(state) as shift:
                shift.oracle()
        self.counts.append({who: tallies[who].calls for who in WHO})

    def part_of(self, who, kind, n):
        return next(part for part in range(len(self.starts)) if n <= self.counts[part + 1][who][kind])

    def choose(self, who, quotas, deeds_of, most):
        """Points, spread over the kinds of calls and over the shift; each is another call."""
        turn = rotation()
        for kind, of_hundred in quotas.items():
            there = self.counts[-1][who][kind]
            n = min(there, max(1, round(of_hundred * most / 100)))
            for i in range(n):
                call = (i * there // n + turn % max(1, there // n)) % there + 1
                deeds = deeds_of(kind)
                yield f"{deeds[(i + turn) % len(deeds)]}@{kind}:{call}", self.part_of(who, kind, call)

    def run_one(self, who, fault, part):
        """Returns: whether it came to that."""
        folder = f"{self.folder}/{who}-{fault}"
        state = self.starts[part].copy(folder)
        tally = preload.Tally(f"{folder}.tally", self.counts[part][who])
        env = {who: preload.environment(state.at(who), tally, fault)}
        try:
            with Shift(state, env.get("crew"), env.get("hub")) as shift:
                shift.parts()[part]()
                shift.oracle()
            return tally.fired > 0
        finally:
            tally.close()
            os.unlink(tally.path)
            shutil.rmtree(folder)

    def run(self, who, points):
        """Runs them, some at a time; prints their number by kind, and fails when one does."""
        points = list(points)
        failed, reached, kinds = [], 0, {}
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            running = {pool.submit(self.run_one, who, *point): point for point in points}
            for one in concurrent.futures.as_completed(running):
                fault, part = running[one]
                if one.exception() is not None:
                    failed.append(fault)
                    if len(failed) <= MOST_TOLD:
                        tell(who, fault, part, one.exception())
                elif one.result():
                    reached += 1
                    name = fault.partition(":")[0]
                    kinds[name] = kinds.get(name, 0) + 1
        print(f"# {who}: {reached} points, {len(points) - reached - len(failed)} not come to, {len(failed)} failed; "
              + ", ".join(f"{name} {n}" for name, n in sorted(kinds.items())), flush=True)
        expect(not failed, "failed:", *failed)
        expect(reached >= len(points) * 8 // 10, "only", reached, "of", len(points), "were come to")
        return reached


def tell(who, fault, part, error):
    print(f"# {who} {fault} in part {part}:")
    for line in "".join(traceback.format_exception(error)).splitlines()[-25:]:
        print(f"#   {line}", flush=True)


def main(argv):
    """harness.main(), with the number of points taken out of the arguments."""
    most = {"--points": 10}
    while len(argv) > 3 and argv[3] in most:
        most[argv[3]] = int(argv[4])
        del argv[3:5]
    return most["--points"]


walks = []


def the_walk():
    """One for all tests of a program."""
    if not walks:
        walks.append(Walk(harness.scratch))
    return walks[0]
