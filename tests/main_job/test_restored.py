# SPDX-License-Identifier: GPL-3.0-or-later
"""A hub that is backed up while it serves, lost, and restored; backups that are none; tablets that were copied."""
import contextlib
import fcntl
import os
import resource
import shutil
import signal
import subprocess

import harness
from harness import Hub, equal, expect, main, own, picture, refused, run, sane, test, to_work_on


def report(tablet, title):
    return tablet.do("report", "--service", "road-hole", "--lat", "31.2432", "--lon", "34.5917", "--title",
                     title).out.strip()


def texts(ticket):
    """What tablets noted; the sample's own notes are of none."""
    return [event["data"].get("text") for event in ticket["events"] if event["kind"] == "note" and event.get("device")]


def restored(hub, backup, name="restored"):
    """Another folder on the same port."""
    other = Hub(os.path.join(os.path.dirname(hub.folder), name), sample=False)
    run(harness.hub_program, "restore", backup, "--data", other.folder)
    other.port = hub.port
    return other.start()


@test
def trap_04_hub_restored_from_backup(folder):
    hub = Hub(f"{folder}/hub").start()
    tablets = [hub.tablet(name, person=person) for name, person in (("a", "worker-1"), ("b", "worker-2"), ("c", None))]
    tickets = to_work_on(tablets[0], 3)
    for tablet, ticket in zip(tablets, tickets):
        tablet.do("status", ticket, "on_the_way")
        tablet.do("note", ticket, "before the backup")
        tablet.do("photo", ticket, picture(f"{tablet.folder}-before.jpg", seed=len(tablet.folder)))
        tablet.sync()
    backup = f"{folder}/backup.tar"
    said = hub.do("backup", backup).out
    expect("backed up through number" in said, said)

    reports = []
    for i, (tablet, ticket) in enumerate(zip(tablets, tickets)):
        tablet.do("status", ticket, "in_progress")
        tablet.do("note", ticket, "after the backup")
        tablet.do("photo", ticket, picture(f"{tablet.folder}-after.jpg", seed=50 + i), "--caption", "after")
        reports.append(report(tablet, f"found by {i}"))
        tablet.do("note", reports[i], "on a new one")
        result = tablet.sync()
        equal([result["pending"], result["conflicts"]], [0, 0])
    hub.kill()
    # what was done with no hub at all
    tablets[0].do("note", reports[0], "while it was away")
    other = restored(hub, backup)
    expect("after the backup" not in texts(other.ticket(tickets[0])))
    # somebody else's work brings the new log on before the first tablet comes
    for ticket in to_work_on(tablets[0], 3):
        other.do("assign", ticket, "roads-2")
    for tablet in tablets + tablets:
        result = tablet.sync()
        equal([result["pending"], result["conflicts"]], [0, 0], tablet.folder)
    for i, (tablet, ticket) in enumerate(zip(tablets, tickets)):
        tablet.agrees()
        equal(tablet.outbox(), [])
        there = other.ticket(ticket)
        equal(there["status"], "in_progress")
        equal(texts(there), ["before the backup", "after the backup"], "notes")
        equal(len(there["photos"]), 2)
        expect(all(photo["state"] == "confirmed" for photo in there["photos"]), there["photos"])
        equal(texts(other.ticket(reports[i])), ["on a new one"] + (["while it was away"] if i == 0 else []))
        equal(len({event["id"] for event in own(there, tablet.device)}), len(own(there, tablet.device)))
    expect("6 photos re-hashed, 0 faults" in other.do("check").out)
    # backed up again, and all go on
    other.do("backup", backup)
    for tablet in tablets:
        result = tablet.sync()
        equal([result["pushed"], result["pending"]], [0, 0])
    other.stop()


@test
def a_tablet_enrolled_after_the_backup_is_enrolled_again(folder):
    hub = Hub(f"{folder}/hub").start()
    backup = f"{folder}/backup.tar"
    hub.do("keep-days", "30")
    hub.do("backup", backup)
    tablet = hub.tablet("late")
    device = tablet.device
    ticket = to_work_on(tablet)
    tablet.do("note", ticket, "by one whom the backup does not know")
    tablet.sync()
    before = own(hub.ticket(ticket), device)
    hub.kill()
    other = restored(hub, backup)
    tablet.do("sync", status=None)
    expect(not texts(other.ticket(ticket)))
    tablet.do("enrol", other.url, other.code("--crew", "roads-1"))
    equal(tablet.device, device)
    equal(tablet.sync()["pending"], 0)
    equal(texts(other.ticket(ticket)), ["by one whom the backup does not know"])
    # as long ago as it was, and not when the tablet came back
    equal([(event["at"], event["certainty"]) for event in own(other.ticket(ticket), device)],
          [(event["at"], event["certainty"]) for event in before])
    tablet.agrees()
    refused(tablet.do("enrol", other.url, other.code("--crew", "roads-1"), status=1), "enrolled already")
    other.stop()


def tree(folder):
    return sorted(os.path.join(where, name) for where, _, names in os.walk(folder) for name in names
                  if not name.startswith("hub.db-"))


@test
def a_backup_that_is_none_leaves_nothing_behind(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("a")
    tablet.do("photo", to_work_on(tablet), picture(f"{folder}/p.jpg"))
    tablet.sync()
    hub.stop()
    backup = f"{folder}/backup.tar"
    hub.do("backup", backup)
    with open(backup, "rb") as file:
        whole = file.read()
    before = tree(folder)
    bad = f"{folder}/bad.tar"

    def no_restore(content, *words):
        with open(bad, "wb") as file:
            file.write(content)
        refused(run(harness.hub_program, "restore", bad, "--data", f"{folder}/into", status=1), "bad.tar", *words)
        os.unlink(bad)
        equal(tree(folder), before)
        expect(not os.path.exists(f"{folder}/into"))

    no_restore(b"", "no backup")
    no_restore(b"PK\x03\x04" + b"x" * 5000, "no backup")
    for length in (100, 512, 700, len(whole) // 2, len(whole) // 512 * 512 - 40 * 512):
        no_restore(whole[:length])
    for at in (600, len(whole) // 2, whole.index(b"\xff\xd8") + 900):
        no_restore(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1:])
    refused(run(harness.hub_program, "restore", f"{folder}/absent", "--data", f"{folder}/into", status=1), "no such file")
    refused(run(harness.hub_program, "restore", backup, "--data", hub.folder, status=1), "not empty")
    equal(tree(folder), before)

    os.mkdir(f"{folder}/into")
    run(harness.hub_program, "restore", backup, "--data", f"{folder}/into/")
    expect("1 photos re-hashed, 0 faults" in run(harness.hub_program, "check", "--data", f"{folder}/into").out)


@test
def a_backup_that_fails_harms_no_older_one(folder):
    hub = Hub(f"{folder}/hub")
    backup = f"{folder}/backup.tar"
    with open(backup, "wb") as file:
        file.write(b"the older one")
    before = tree(folder)

    def small():
        # as a disk that fills up
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (200 * 1024, 200 * 1024))

    done = subprocess.run([harness.hub_program, "backup", backup, "--data", hub.folder], preexec_fn=small,
                          capture_output=True, env={**os.environ, **harness.SANITIZER})
    done = sane(harness.Done(done.args, done.returncode, done.stdout, done.stderr))
    equal(done.status, 1)
    refused(done)
    refused(hub.do("backup", f"{folder}/absent/backup.tar", status=1), "backup.tar")
    refused(hub.do("backup", hub.folder, status=1), "regular file")
    equal(tree(folder), before)
    with open(backup, "rb") as file:
        equal(file.read(), b"the older one")


@test
def a_lost_photo_is_named_and_asked_for_again(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("a")
    ticket = to_work_on(tablet)
    tablet.do("photo", ticket, picture(f"{folder}/p.jpg"))
    tablet.sync()
    sha256 = hub.ticket(ticket)["photos"][0]["sha256"]
    os.unlink(f"{hub.folder}/photos/{sha256[:2]}/{sha256}")
    backup = f"{folder}/backup.tar"
    done = hub.do("backup", backup, status=1)
    expect(sha256 in done.err, done)
    tablet.sync()
    hub.kill()
    other = Hub(f"{folder}/restored", sample=False)
    expect(sha256 in run(harness.hub_program, "restore", backup, "--data", other.folder, status=1).err)
    other.port = hub.port
    other.start()
    equal(tablet.sync()["pending"], 0)
    expect("1 photos re-hashed, 0 faults" in other.do("check").out)


@test
def trap_05_a_copied_tablet_and_an_older_one_put_back(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("a")
    ticket = to_work_on(tablet)
    tablet.do("note", ticket, "common")
    tablet.sync()
    shutil.copytree(tablet.folder, f"{folder}/copy")
    shutil.copytree(tablet.folder, f"{folder}/old")
    copy = harness.Tablet(f"{folder}/copy")
    for one, text in ((tablet, "the tablet's"), (copy, "the copy's"), (tablet, "again"), (copy, "again, the copy")):
        one.do("note", ticket, text)
        equal(one.sync()["pending"], 0)
    # into the same files
    for name in ("store.db", "device.json"):
        with open(f"{folder}/old/{name}", "rb") as source, open(f"{tablet.folder}/{name}", "r+b") as target:
            target.truncate()
            target.write(source.read())
    tablet.do("note", ticket, "after it was put back")
    said = tablet.do("sync", "--json")
    equal([said.json()["pending"], said.json()["copy"]], [0, "older"])
    refused(said, "older copy of this store")
    # told until somebody has seen it
    refused(tablet.do("sync", "--seen"), "older copy of this store")
    equal(tablet.do("sync").err, "")
    copy.sync()
    equal(texts(hub.ticket(ticket)), ["common", "the tablet's", "the copy's", "again", "again, the copy",
                                      "after it was put back"])
    for one in (tablet, copy):
        one.agrees()
        equal(texts(one.show(ticket)), texts(hub.ticket(ticket)))
    hub.stop()


@test
def what_a_killed_backup_or_restore_left_goes_with_the_next(folder):
    hub = Hub(f"{folder}/hub").start()
    backup, target = f"{folder}/backup.tar", f"{folder}/new"
    making, restoring = f"{hub.folder}/backup.making", f"{target}.restoring"
    for work, argv in ((making, [harness.hub_program, "backup", backup, "--data", hub.folder]),
                       (restoring, [harness.hub_program, "restore", backup, "--data", target])):
        with contextlib.ExitStack() as stack:
            process = stack.enter_context(subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
            harness.wait_until(lambda: os.path.exists(work) or process.poll() is not None, f"{work} is there")
            process.kill()
        # however far it came
        shutil.rmtree(target, ignore_errors=True)
        os.makedirs(f"{work}/photos/00", exist_ok=True)
        for left in (f"{work}/hub.db", f"{work}/photos/00/x", f"{backup}.part"):
            with open(left, "wb") as file:
                file.write(b"half of something")
        # one that is not dead is left alone
        fd = os.open(work, os.O_RDONLY)
        fcntl.flock(fd, fcntl.LOCK_EX)
        refused(run(*argv, status=1), "under way")
        expect(os.path.exists(f"{work}/hub.db"))
        os.close(fd)
        run(*argv)
        expect(not os.path.exists(work), work)
        if work == making:
            expect(not os.path.exists(f"{backup}.part"))
    other = Hub(target, sample=False)
    expect("0 faults" in other.do("check").out)


@test
def trap_05_one_store_on_two_machines_at_once(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("a")
    ticket, second = to_work_on(tablet, 2)
    hub.stop()
    # what waits when the copy is made waits in both
    tablet.do("status", ticket, "in_progress")
    tablet.do("note", ticket, "in both")
    tablet.do("photo", ticket, picture(f"{folder}/p.jpg"))
    new = report(tablet, "in both")
    equal(tablet.do("sync", "--json", status=1).json().get("copy"), None)
    shutil.copytree(tablet.folder, f"{folder}/copy")
    copy = harness.Tablet(f"{folder}/copy")
    tablet.do("note", second, "one's own")
    copy.do("note", second, "the other's own")
    copy.do("status", second, "on_the_way")
    hub.start()
    for _ in range(2):
        under_way = [one.start("sync", "--json") for one in (tablet, copy)]
        done = [harness.finish(process) for process in under_way]
        equal([[one.json()["pending"], one.json()["conflicts"]] for one in done], [[0, 0], [0, 0]])
        # the copy knows by itself, and says so
        equal([one.json().get("copy") for one in done], [None, "moved"])
        refused(done[1], "copied or moved")
        for one, text in ((tablet, "more"), (copy, "more of the copy")):
            one.do("note", ticket, text)
    for one in (tablet, copy, tablet):
        equal(one.sync()["pending"], 0)
    there = hub.ticket(ticket)
    equal([there["status"], len(there["photos"])], ["in_progress", 1])
    equal(sorted(texts(there)), sorted(["in both"] + ["more", "more of the copy"] * 2))
    equal(sorted(texts(hub.ticket(second))), ["one's own", "the other's own"])
    equal(sum(one["title"] == "in both" for one in tablet.list()), 1)
    expect(hub.ticket(new)["number"])
    for one in (tablet, copy):
        one.sync()
        one.agrees()
    hub.stop()


main()
