# SPDX-License-Identifier: GPL-3.0-or-later
"""A disk that fills up: the worker is told before it is too late, statuses and notes go on, and nothing is lost."""
import os
import subprocess
import sys

import points  # first: it knows where the harness lies
from points import the_walk
from shift import Shift, marks_of

import harness
import preload
from harness import Hub, Skip, equal, expect, main, own, picture, refused, test, to_work_on

MIB = 1 << 20
DISK_MIB = 96
most = points.main(sys.argv)


class SmallDisk:
    def __init__(self, folder):
        self.folder = f"{folder}/disk"
        os.mkdir(self.folder)
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_MIB}m", "tmpfs", self.folder], check=False,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if mounted.returncode != 0:
            raise Skip("cannot mount a small disk here")

    def __enter__(self):
        return self

    def __exit__(self, *what):
        subprocess.run(["umount", "-l", self.folder], check=True)

    def leave(self, left):
        """Somebody else's files take all but this."""
        path = f"{self.folder}/ballast"
        if os.path.exists(path):
            os.unlink(path)
        info = os.statvfs(self.folder)
        with open(path, "wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(1, info.f_bavail * info.f_frsize - left))


def a_tablet_on(disk, folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("disk/tablet")
    return hub, tablet


def left_on(disk):
    info = os.statvfs(disk.folder)
    return info.f_bavail * info.f_frsize


@test
def told_in_time_and_statuses_and_notes_go_on(folder):
    with SmallDisk(folder) as disk:
        hub, tablet = a_tablet_on(disk, folder)
        ticket, other = to_work_on(tablet, 2)
        expect("getting short" in tablet.do("note", ticket, "while there is room").err)
        tablet.do("photo", ticket, picture(f"{folder}/a.jpg", seed=1), "--caption", "the first")
        disk.leave(20 * MIB)
        refused(tablet.do("photo", ticket, picture(f"{folder}/b.jpg", seed=2), status=1), "full", "statuses and notes")
        tablet.do("note", ticket, "without its photo")
        disk.leave(0)
        equal(left_on(disk), 0)
        marks = []
        for i in range(40):
            marks.append(f"on a full disk {i}")
            done = tablet.do("note", ticket, marks[-1])
            expect("this tablet is full" in done.err, done)
        tablet.do("status", ticket, "in_progress", "--reason", "no room, but we go on")
        print(f"# after 42 steps on a full disk {left_on(disk) // 1024} KiB of the reserve are left")
        # What was done is sent; what is new waits for room.
        hub.do("assign", other, "gardens-1")
        done = tablet.do("sync", status=1)
        expect("full" in done.err, done)
        equal([row["state"] for row in tablet.outbox()], [], "all of it has gone")
        expect(other in [one["id"] for one in tablet.list()], "the list is as it was")
        disk.leave(60 * MIB)
        tablet.sync()
        tablet.agrees()
        expect(os.path.exists(f"{disk.folder}/tablet/reserve") or left_on(disk) < 80 * MIB)
        there = marks_of(own(hub.ticket(ticket), tablet.device))
        equal(sorted(there), sorted([*marks, "while there is room", "the first", "without its photo",
                                     "no room, but we go on"]))


@test
def trap_25_a_pull_that_finds_the_disk_full_empties_nothing(folder):
    with SmallDisk(folder) as disk:
        hub, tablet = a_tablet_on(disk, folder)
        before = tablet.list("--limit", "1000")
        for one in to_work_on(tablet, 8):
            hub.do("assign", one, "gardens-1")
        # Not even the reserve is there, and the disk is full to the last byte, or nearly.
        os.unlink(f"{disk.folder}/tablet/reserve")
        for left in (0, 100 * 1024, 300 * 1024):
            disk.leave(left)
            tablet.do("sync", status=1)
        disk.leave(8 * MIB)
        equal([one["id"] for one in tablet.list("--limit", "1000")], [one["id"] for one in before], "the list")
        disk.leave(60 * MIB)
        equal(tablet.sync()["pushed"], 0, "nothing is pushed that nobody did")
        tablet.agrees()
        expect("0 faults" in hub.do("check").out)


def full_from_byte(who, share):
    """The shift's parts with a disk that is full from some byte on; then there is room again."""
    walk = the_walk()
    for part in range(len(walk.starts)):
        state = walk.starts[part].copy(f"{walk.folder}/full-{who}-{part}-{share}")
        tally = preload.Tally(f"{state.folder}.tally")
        tally.give_room(20000 + share * 40000)
        env = {who: preload.environment(state.at(who), tally)}
        with Shift(state, env.get("crew"), env.get("hub")) as shift:
            for one in (shift.crew, shift.boss):
                one.on_refused = lambda one=one, tally=tally: tally.give_room(0) if one.refused >= 2 else None
            shift.hub.on_refused = lambda tally=tally: tally.give_room(0)
            shift.parts()[part]()
            tally.give_room(0)
            shift.oracle()
            print(f"# {who} part {part}, full after {20000 + share * 40000} bytes: {tally.fired} writes found no room, "
                  f"{shift.crew.refused} commands said so")


@test
def the_tablets_disk_full_from_some_byte_on(folder):
    for share in range(1, 2 + most // 40):
        full_from_byte("crew", share)


@test
def the_hubs_disk_full_from_some_byte_on(folder):
    for share in range(1, 2 + most // 40):
        full_from_byte("hub", share)


main()
