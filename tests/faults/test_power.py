# SPDX-License-Identifier: GPL-3.0-or-later
"""The power is lost on a tablet or on the hub, at many moments of one recorded half shift: what had not been synced is gone,
or part of it, and both start again without help."""
import concurrent.futures
import json
import os
import random
import shutil
import sys

import points
from points import MOST_TOLD, rotation, tell
from shift import Shift, State, prepare

import disk
import harness
import preload
from harness import expect, test

HOW = ("nothing", "some", "torn", "names")
most = points.main(sys.argv)


class Record:
    """A part of the shift: what lay there before, and what was done, with a fault of the tablet's programs if one is named."""

    def __init__(self, state, part, folder, fault=None):
        journal = os.path.join(folder, f"{part}.journal")
        tally = preload.Tally(os.path.join(folder, "crew.tally"))
        self.part, self.base = part, state.folder
        self.tree = disk.Tree(state.folder)
        self.before = json.dumps(state.notes)
        with open(journal, "wb"):
            pass
        envs = {who: preload.environment(state.at(who), journal=journal) for who in ("hub", "boss")}
        envs["crew"] = preload.environment(state.at("crew"), tally, fault, journal)
        with Shift(state, envs["crew"], envs["hub"]) as shift:
            shift.boss.env = envs["boss"]
            # The address of this day's hub is the test's own doing.
            self.tree = disk.Tree(state.folder)
            shift.crew.on_answered = lambda: disk.append_notes(journal, json.dumps(shift.notes))
            shift.parts()[part]()
        self.fired = tally.fired > 0
        tally.close()
        self.events = disk.read_journal(journal)

    def notes_around(self, n):
        """As they were noted last before the moment, and next after it."""
        noted = [(i, one[4].decode()) for i, one in enumerate(self.events) if one[0] == disk.NOTES]
        before = [text for i, text in noted if i < n] or [self.before]
        after = [text for i, text in noted if i >= n] or before[-1:]
        return json.loads(before[-1]), json.loads(after[0])

    def moments(self, who):
        """After each thing that this machine did to its disk."""
        return [i + 1 for i, one in enumerate(self.events) if one[1].startswith(f"{self.base}/{who}/")]


records = []


def the_records():
    if not records:
        state = prepare(os.path.join(harness.scratch, "recorded"))
        for part in range(len(Shift(state).parts())):
            records.append(Record(state, part, harness.scratch))
    return records


def lose(record, n, who, how, folder):
    """The machine starts again with what the loss has left, goes on, and nothing is missing. Returns: whether there was
    something to lose."""
    before, after = record.notes_around(n)
    now = disk.Disk(record.tree)
    for event in record.events[:n]:
        now.take(event)
    had = now.lose(f"{record.base}/{who}", how, random.Random(n))
    state = State(folder)
    os.mkdir(folder)
    now.write_to(folder, record.base)
    state.notes = before
    state.notes["tickets"] = {**before["tickets"], **after["tickets"]}
    may = set(before["answered"]) ^ set(after["answered"])
    try:
        with Shift(state, *[preload.environment(state.at(one)) for one in ("crew", "hub")]) as shift:
            shift.crew.note(shift.ticket("d"), "the power is back")
            shift.oracle(may)
        return had
    finally:
        shutil.rmtree(folder)


def lose_often(who):
    moments = [(record, n) for record in the_records() for n in record.moments(who)]
    turn = rotation()
    step = len(moments) / min(most, len(moments))
    chosen = [moments[int((i + turn % 97 / 97) * step)] for i in range(min(most, len(moments)))]
    failed, had = [], 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        running = {pool.submit(lose, record, n, who, HOW[(i + turn) % len(HOW)], f"{harness.scratch}/{who}-{i}"):
                   (f"{HOW[(i + turn) % len(HOW)]}@{n}", record.part) for i, (record, n) in enumerate(chosen)}
        for one in concurrent.futures.as_completed(running):
            if one.exception() is None:
                had += one.result()
                continue
            failed.append(running[one])
            if len(failed) <= MOST_TOLD:
                tell(who, *running[one], one.exception())
    print(f"# {who}: power lost at {len(chosen)} moments of {len(moments)}, {had} with something to lose, {len(failed)} failed")
    expect(not failed, "failed:", *failed)


@test
def trap_16_a_photo_that_was_confirmed_is_there_when_the_power_was_lost(folder):
    record = the_records()[0]
    (first, *_) = [i for i, one in enumerate(record.events) if one[0] == disk.MAKE | disk.FOLDER
                   and one[1].startswith(f"{record.base}/hub/photos")]
    moments = [n for n in record.moments("hub") if n > first]
    for i, n in enumerate(moments[::len(moments) // 12]):
        lose(record, n, "hub", "nothing", f"{folder}/{i}")


@test
def power_lost_behind_a_program_that_was_killed_as_it_made_a_folder(folder):
    """The next one finds the folder, and must not take its name for safe."""
    makes = [one for one in the_records()[0].events
             if one[0] & ~disk.FOLDER == disk.MAKE and one[1].startswith(f"{the_records()[0].base}/crew/")]
    photos = [n for n, one in enumerate(makes, 1) if one[0] & disk.FOLDER and "/photos/" in one[1]]
    expect(photos, "no folder was made for a photo")
    killed = Record(prepare(os.path.join(folder, "killed")), 0, folder, f"kill-after@make:{photos[-1]}")
    expect(killed.fired, "nothing was killed")
    made = [i for i, one in enumerate(killed.events) if one[0] == disk.MAKE | disk.FOLDER and "/crew/photos/" in one[1]]
    moments = [n for n in killed.moments("crew") if n > made[0]]
    for i, n in enumerate(moments[::len(moments) // 8]):
        lose(killed, n, "crew", "nothing", f"{folder}/{i}")


@test
def power_lost_on_the_tablet(folder):
    lose_often("crew")


@test
def power_lost_on_the_hub(folder):
    lose_often("hub")


harness.main()
