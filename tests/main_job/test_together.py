# SPDX-License-Identifier: GPL-3.0-or-later
"""Several programs over one store and one folder at a time."""
import fcntl
import http.client
import json
import sqlite3
import threading
from urllib.parse import quote

from harness import Hub, equal, expect, finish, main, own, picture, refused, test, to_work_on


@test
def the_office_works_while_the_hub_serves(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("tablet")
    ticket = to_work_on(hub.tablet("other", "roads-2"))
    hub.do("assign", ticket, "roads-1")
    tablet.sync()
    equal(tablet.show(ticket)["crew"], "roads-1")
    expect("roads-1" in [crew["id"] for crew in hub.do("crews", "--json").json()])
    hub.do("sample", "--tickets", 20, "--seed", 99, "--date", "2025-01-20")
    tablet.sync()
    tablet.agrees()


@test
def a_pull_that_waits_is_answered_when_the_office_assigns(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("tablet")
    ticket = to_work_on(hub.tablet("other", "roads-2"))
    with open(f"{tablet.folder}/device.json", encoding="utf-8") as file:
        token = json.load(file)["token"]
    with sqlite3.connect(f"file:{tablet.folder}/store.db?mode=ro", uri=True) as db:
        cursor = db.execute("SELECT value FROM meta WHERE key = 'cursor'").fetchone()[0]
    answer = []

    def pull():
        link = http.client.HTTPConnection("127.0.0.1", hub.port, timeout=60)
        link.request("GET", f"/v1/sync/pull?cursor={quote(cursor, safe='')}&wait=50",
                     headers={"Authorization": f"Bearer {token}", "Shetach-Protocol": "1"})
        answer.append(link.getresponse().read().decode())

    thread = threading.Thread(target=pull)
    thread.start()
    # It waits as long as nothing happens; an assignment by another process ends that at once.
    thread.join(0.5)
    expect(thread.is_alive(), "nothing is new yet", answer)
    hub.do("assign", ticket, "roads-1")
    thread.join(10)
    expect(not thread.is_alive(), "the wait was not ended")
    expect(ticket in answer[0], answer)


@test
def commands_work_while_another_program_reads_the_store(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("tablet")
    ticket = to_work_on(tablet)
    db = sqlite3.connect(f"{tablet.folder}/store.db", isolation_level=None)
    db.execute("BEGIN")
    count = db.execute("SELECT count(*) FROM op").fetchone()
    tablet.do("note", ticket, "while it is read")
    tablet.do("photo", ticket, picture(f"{folder}/a.jpg"))
    equal(tablet.sync()["pushed"], 2)
    tablet.agrees()
    equal(db.execute("SELECT count(*) FROM op").fetchone(), count, "the reader's own view")
    db.execute("COMMIT")
    db.close()


@test
def a_command_waits_for_another_that_writes(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("tablet")
    ticket = to_work_on(tablet)
    db = sqlite3.connect(f"{tablet.folder}/store.db", isolation_level=None)
    db.execute("BEGIN IMMEDIATE")
    note = tablet.start("note", ticket, "after the other")
    expect(ticket in tablet.do("show", ticket, "--json").out, "reading goes on")
    expect(note.poll() is None, "it waits")
    db.execute("COMMIT")
    db.close()
    finish(note)
    equal(len(tablet.outbox()), 1)


@test
def two_syncs_at_once_deliver_all_once(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("tablet")
    ticket = to_work_on(tablet)
    for i in range(4):
        for j in range(4):
            tablet.do("note", ticket, f"note {i} {j}")
        tablet.do("photo", ticket, picture(f"{folder}/{i}.jpg", seed=i, noise=2))
        both = [tablet.start("sync", "--json") for _ in range(3)]
        done = [finish(one).json() for one in both]
        equal([one["pending"] for one in done], [0, 0, 0])
        equal(sum(one["pushed"] for one in done), 5)
    tablet.agrees()
    texts = [event["data"]["text"] for event in own(hub.ticket(ticket), tablet.device) if event["kind"] == "note"]
    equal(texts, [f"note {i} {j}" for i in range(4) for j in range(4)])
    expect(hub.do("check").out.startswith("4 photos re-hashed, 0 faults"))


@test
def a_sync_beside_a_program_that_holds_the_engine_tells_the_truth(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("tablet")
    ticket = to_work_on(tablet)
    with open(f"{tablet.folder}/engine.lock", "w", encoding="utf-8") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        expect(tablet.do("sync", "--json").json()["in_touch"])
        tablet.do("note", ticket, "waits")
        refused(tablet.do("sync", "--timeout", "1", status=1), "another program")
        waiting = tablet.start("sync", "--json")
    equal(finish(waiting).json()["pushed"], 1, "it takes over when the other ends")
    hub.stop()
    with open(f"{tablet.folder}/engine.lock", "w", encoding="utf-8") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        refused(tablet.do("sync", status=1), "127.0.0.1")


@test
def many_commands_at_once_all_arrive(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("tablet")
    ticket = to_work_on(tablet)
    notes = [tablet.start("note", ticket, f"note {i}") for i in range(12)]
    syncs = [tablet.start("sync") for _ in range(2)]
    for one in notes:
        finish(one)
    # One of them may find the other at work, which may end before the last note was written.
    for one in syncs:
        finish(one, status=None)
    equal(tablet.sync()["pending"], 0)
    tablet.agrees()
    texts = [event["data"]["text"] for event in own(hub.ticket(ticket), tablet.device)]
    equal(sorted(texts), sorted(f"note {i}" for i in range(12)))


@test
def the_same_picture_by_two_commands_at_once_hangs_there_once(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("tablet")
    ticket = to_work_on(tablet)
    path = picture(f"{folder}/a.jpg")
    for one in [tablet.start("photo", ticket, path) for _ in range(4)]:
        finish(one)
    equal(len(tablet.show(ticket)["photos"]), 1)


main()
