# SPDX-License-Identifier: GPL-3.0-or-later
"""What waits on a tablet goes to the hub in a file that somebody carries: in any order with its own sync, once."""
import os
import resource
import shutil
import signal
import sqlite3
import subprocess

import harness
from harness import (NO_PHOTOS, Hub, Tablet, equal, expect, finish, main, picture, refused, run, sane, start, test,
                     to_work_on)
from proxy import Cut, Proxy


def texts(ticket):
    return [event["data"].get("text") for event in ticket["events"] if event["kind"] == "note" and event.get("device")]


def half_a_shift(tablet, ticket, folder, photos=2):
    tablet.do("status", ticket, "on_the_way")
    tablet.do("note", ticket, "one")
    for i in range(photos):
        tablet.do("photo", ticket, picture(f"{folder}/{os.path.basename(tablet.folder)}-{i}.jpg", seed=40 + i))
    new = tablet.do("report", "--service", "road-hole", "--lat", "31.2432", "--lon", "34.5917", "--title", "found").out.strip()
    tablet.do("note", new, "two")
    return new


def rescue(tablet, file):
    return tablet.do("rescue", file, "--json").json()


def counts(done):
    words = done.out.split()
    return [int(word) for word in words if word.isdigit()]


def has_all(hub, ticket, new):
    there = hub.ticket(ticket)
    equal([there["status"], texts(there)], ["on_the_way", ["one"]])
    equal([photo["state"] for photo in there["photos"]], ["confirmed", "confirmed"])
    equal(texts(hub.ticket(new)), ["two"])
    expect("2 photos re-hashed, 0 faults" in hub.do("check").out)


def no_stage(hub):
    equal([name for name in os.listdir(hub.folder) if name.startswith("rescue-")], [])


@test
def a_file_first_and_the_sync_after(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("a")
    ticket = to_work_on(tablet)
    hub.stop()
    new = half_a_shift(tablet, ticket, folder)
    said = rescue(tablet, f"{folder}/a.rescue")
    equal([said["operations"], said["photos"], said["undecided"], said["damaged"]], [6, 2, 0, 0])
    equal(os.stat(f"{folder}/a.rescue").st_mode & 0o777, 0o600)
    with open(f"{folder}/a.rescue", "rb") as file:
        sealed = file.read()
    equal(len(sealed), said["bytes"])
    expect(b"one" not in sealed and b"\xff\xd8\xff" not in sealed and tablet.device.encode() not in sealed)
    expect(all(row["saved"] for row in tablet.outbox() if row["kind"] != "photo.bytes"))

    equal(counts(hub.do("rescue", f"{folder}/a.rescue")), [6, 4, 0, 0])
    has_all(hub, ticket, new)
    no_stage(hub)
    # again: nothing is done twice
    equal(counts(hub.do("rescue", f"{folder}/a.rescue")), [0, 0, 6, 4])
    hub.start()
    tablet.do("note", ticket, "three")
    result = tablet.sync()
    equal([result["pending"], result["conflicts"]], [0, 0])
    equal(texts(hub.ticket(ticket)), ["one", "three"])
    equal(tablet.outbox(), [])
    tablet.agrees()
    # the photos were answered as complete: nothing of them was sent
    expect(result["bytes_up"] < 20000, result)
    equal(counts(hub.do("rescue", f"{folder}/a.rescue")), [0, 0, 6, 4])
    hub.stop()


@test
def a_sync_first_and_the_file_after_and_while_the_hub_serves(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("a")
    other = hub.tablet("b")
    ticket = to_work_on(tablet)
    new = half_a_shift(tablet, ticket, folder)
    rescue(tablet, f"{folder}/a.rescue")
    tablet.do("note", ticket, "later")
    equal(tablet.sync()["pending"], 0)
    equal(counts(hub.do("rescue", f"{folder}/a.rescue")), [0, 0, 6, 4])
    # and one that the serving hub has not got yet: others hear of it
    tablet.do("status", ticket, "in_progress")
    tablet.do("note", new, "by file")
    tablet.do("photo", new, picture(f"{folder}/more.jpg", seed=77))
    equal(rescue(tablet, f"{folder}/b.rescue")["operations"], 3)
    equal(counts(hub.do("rescue", f"{folder}/b.rescue")), [3, 2, 0, 0])
    other.sync()
    equal(other.show(ticket)["status"], "in_progress")
    equal(texts(other.show(new)), ["two", "by file"])
    tablet.do("status", ticket, "done", *NO_PHOTOS)
    result = tablet.sync()
    equal([result["pending"], result["conflicts"]], [0, 0])
    equal(hub.ticket(ticket)["status"], "done")
    for one in (tablet, other):
        one.sync()
        one.agrees()
    # nothing waits: no file
    expect("nothing waits" in tablet.do("rescue", f"{folder}/none").out)
    expect(not os.path.exists(f"{folder}/none"))
    hub.stop()


@test
def what_was_saved_is_no_longer_withdrawn(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("a")
    ticket = to_work_on(tablet)
    hub.stop()
    before = tablet.show(ticket)["status"]
    tablet.do("status", ticket, "in_progress")
    rescue(tablet, f"{folder}/a.rescue")
    expect(tablet.do("undo").out.startswith("compensated"))
    equal(tablet.show(ticket)["status"], before)
    tablet.do("note", ticket, "a slip")
    expect(tablet.do("undo").out.startswith("withdrawn"))
    hub.do("rescue", f"{folder}/a.rescue")
    equal(hub.ticket(ticket)["status"], "in_progress")
    hub.start()
    equal(tablet.sync()["conflicts"], 0)
    equal([hub.ticket(ticket)["status"], texts(hub.ticket(ticket))], [before, []])
    # a file that did not come to be has saved nothing
    tablet.do("note", ticket, "not saved")
    refused(tablet.do("rescue", f"{folder}/absent/a.rescue", status=1), "a.rescue")
    refused(tablet.do("rescue", f"{folder}/a.rescue", status=1), "already")
    expect(tablet.do("undo").out.startswith("withdrawn"))
    hub.stop()


@test
def a_stick_that_fails_once_all_is_written_may_hold_the_file(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("a")
    ticket = to_work_on(tablet)
    hub.stop()
    before = tablet.show(ticket)["status"]
    tablet.do("status", ticket, "in_progress")
    usb = f"{folder}/usb"
    os.mkdir(usb)
    # a leak check and a tracer exclude each other
    process = start(["strace", "-f", "-qq", "-o", "/dev/null", "-P", usb, "-e", "inject=fsync:error=EIO",
                     *tablet.argv("rescue", f"{usb}/a.rescue")],
                    ASAN_OPTIONS=harness.SANITIZER["ASAN_OPTIONS"] + ":detect_leaks=0")
    refused(finish(process, 1), "usb")
    equal(os.listdir(usb), ["a.rescue"])
    tablet.do("undo")
    hub.do("rescue", f"{usb}/a.rescue")
    hub.start()
    equal(tablet.sync()["conflicts"], 0)
    equal([tablet.show(ticket)["status"], hub.ticket(ticket)["status"]], [before, before])
    tablet.agrees()
    hub.stop()


@test
def from_a_tablet_whose_login_has_ended_and_that_is_lost(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("a")
    ticket = to_work_on(tablet)
    with sqlite3.connect(f"{hub.folder}/hub.db") as db:
        equal(db.execute("UPDATE device SET token_hash = 'ended' WHERE id = ?", (tablet.device,)).rowcount, 1)
    new = half_a_shift(tablet, ticket, folder)
    expect(not tablet.sync(status=1)["in_touch"])
    rescue(tablet, f"{folder}/a.rescue")
    shutil.rmtree(tablet.folder)
    equal(counts(hub.do("rescue", f"{folder}/a.rescue")), [6, 4, 0, 0])
    has_all(hub, ticket, new)
    hub.stop()


@test
def a_rescue_that_is_killed_is_finished_by_the_next(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("a")
    ticket = to_work_on(tablet)
    hub.stop()
    new = half_a_shift(tablet, ticket, folder)
    for i in range(15):
        tablet.do("note", new, f"note {i}")
    rescue(tablet, f"{folder}/a.rescue")
    killed = 0
    for call in (5, 20, 60, 100, 150, 200, 250, 300):
        # a leak check and a tracer exclude each other
        process = start(["strace", "-f", "-qq", "-o", "/dev/null", "-e",
                         f"inject=fsync,fdatasync,rename,unlink,write,pwrite64:signal=KILL:when={call}",
                         harness.hub_program, "rescue", f"{folder}/a.rescue", "--data", hub.folder],
                        ASAN_OPTIONS=harness.SANITIZER["ASAN_OPTIONS"] + ":detect_leaks=0")
        killed += finish(process, None).status == -signal.SIGKILL
    expect(killed >= 3, "killed", killed, "times")
    hub.do("rescue", f"{folder}/a.rescue")
    equal(texts(hub.ticket(new)), ["two"] + [f"note {i}" for i in range(15)])
    no_stage(hub)
    hub.start()
    equal(tablet.sync()["conflicts"], 0)
    tablet.agrees()
    hub.stop()


@test
def damaged_foreign_and_forged_files_change_nothing(folder):
    hub = Hub(f"{folder}/hub").start()
    other = Hub(f"{folder}/other").start()
    tablet, second, theirs = hub.tablet("a"), hub.tablet("b"), other.tablet("c")
    ticket = to_work_on(tablet)
    half_a_shift(tablet, ticket, folder)
    half_a_shift(theirs, to_work_on(theirs), folder)
    second.do("note", ticket, "by the second")
    rescue(tablet, f"{folder}/a.rescue")
    rescue(theirs, f"{folder}/c.rescue")
    with open(f"{folder}/a.rescue", "rb") as file:
        whole = file.read()
    # signed by a key that the hub was never told
    stranger = Tablet(f"{folder}/stranger")
    shutil.copytree(second.folder, stranger.folder)
    with sqlite3.connect(f"{stranger.folder}/store.db") as db:
        db.execute("UPDATE meta SET value = ? WHERE key = 'signing_secret'", ("ab" * 32,))
    rescue(stranger, f"{folder}/stranger.rescue")
    # by a tablet of this hub in another's name
    with open(f"{second.folder}/device.json", encoding="utf-8") as file:
        renamed = file.read().replace(second.device, tablet.device)
    with open(f"{second.folder}/device.json", "w", encoding="utf-8") as file:
        file.write(renamed)
    rescue(second, f"{folder}/name.rescue")

    before = [hub.ticket(ticket), sorted(os.listdir(hub.folder + "/photos") if os.path.exists(hub.folder + "/photos") else [])]
    bad = f"{folder}/bad.rescue"

    def no_rescue(content, *words):
        with open(bad, "wb") as out:
            out.write(content)
        refused(hub.do("rescue", bad, status=1), "bad.rescue", *words)

    no_rescue(b"", "no rescue file")
    no_rescue(b"PK\x03\x04" + b"x" * 500, "no rescue file")
    no_rescue(whole.replace(b"RESCUE 1", b"RESCUE 2", 1), "another version")
    for length in (17, 60, 130, 500, len(whole) // 2, len(whole) - 90, len(whole) - 1):
        no_rescue(whole[:length])
    no_rescue(whole + b"x", "damaged")
    for at in (20, 100, 130, 300, len(whole) // 2, len(whole) - 5):
        no_rescue(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1:])
    refused(hub.do("rescue", f"{folder}/c.rescue", status=1), "c.rescue", "another hub")
    refused(hub.do("rescue", f"{folder}/stranger.rescue", status=1), "does not know the key")
    refused(hub.do("rescue", f"{folder}/name.rescue", status=1), "does not know the key")
    refused(hub.do("rescue", f"{folder}/absent.rescue", status=1), "absent.rescue")
    refused(hub.do("rescue", folder, status=1), "regular file")
    refused(run(harness.hub_program, "rescue", f"{folder}/a.rescue", "--data", f"{folder}/none", status=1), "no hub")
    equal([hub.ticket(ticket), sorted(os.listdir(hub.folder + "/photos") if os.path.exists(hub.folder + "/photos") else [])],
          before)
    no_stage(hub)
    equal(counts(hub.do("rescue", f"{folder}/a.rescue")), [6, 4, 0, 0])
    hub.stop()
    other.stop()


@test
def a_disk_that_is_full_leaves_no_file(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("a")
    ticket = to_work_on(tablet)
    hub.stop()
    tablet.do("photo", ticket, picture(f"{folder}/large.jpg", seed=3, width=2400, height=1800, noise=3))
    os.mkdir(f"{folder}/usb")

    def small():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (400 * 1024, 400 * 1024))

    done = subprocess.run(tablet.argv("rescue", f"{folder}/usb/a.rescue"), preexec_fn=small, capture_output=True,
                          env={**os.environ, **harness.SANITIZER})
    done = sane(harness.Done(done.args, done.returncode, done.stdout, done.stderr))
    equal(done.status, 1)
    refused(done, "a.rescue")
    equal(os.listdir(f"{folder}/usb"), [])
    equal(rescue(tablet, f"{folder}/usb/a.rescue")["photos"], 1)
    equal(os.listdir(f"{folder}/usb"), ["a.rescue"])


@test
def a_photo_that_is_half_way_up_comes_whole_by_the_file(folder):
    hub = Hub(f"{folder}/hub").start()
    proxy = Proxy(hub.port)
    tablet = hub.tablet("a", url=proxy.url)
    ticket = to_work_on(tablet)
    tablet.do("photo", ticket, picture(f"{folder}/large.jpg", seed=3, width=2400, height=1800, noise=3))

    def cut_in_the_second_chunk(method, path, sent, length):
        if method == "PATCH" and proxy.body_bytes[method, path] > harness.FIRST_CHUNK:
            raise Cut

    proxy.on_body = cut_in_the_second_chunk
    tablet.do("sync", "--timeout", "3", status=1)
    equal([row["kind"] for row in tablet.outbox()], ["photo.bytes"])
    expect(os.listdir(f"{hub.folder}/uploads"))
    equal(rescue(tablet, f"{folder}/a.rescue")["photos"], 1)
    expect(counts(hub.do("rescue", f"{folder}/a.rescue"))[1] >= 1)
    proxy.on_body = lambda *what: None
    result = tablet.sync()
    equal(result["pending"], 0)
    expect(result["bytes_up"] < 20000, result)
    equal([photo["state"] for photo in hub.ticket(ticket)["photos"]], ["confirmed"])
    proxy.close()
    hub.stop()


main()
