# SPDX-License-Identifier: GPL-3.0-or-later
"""Two tablets of one crew, and a ticket that goes to another crew while work is done on it."""
import sqlite3

from harness import NO_PHOTOS, Hub, equal, expect, main, own, picture, refused, test, to_work_on


def journey(ticket, *tablets):
    devices = [tablet.device for tablet in tablets]
    return [(event["kind"], event["actor"], event["data"].get("text") or event["data"].get("to")
             or event["data"].get("caption")) for event in ticket["events"] if event.get("device") in devices]


@test
def two_tablets_edit_one_ticket_offline_and_converge(folder):
    hub = Hub(f"{folder}/hub").start()
    a, b = hub.tablet("a", person="worker-1"), hub.tablet("b", person="worker-2")
    hub.stop()
    ticket = to_work_on(a)
    did = [(a, "status", "on_the_way"), (b, "note", "from b"), (a, "note", "from a"), (b, "status", "on_the_way"),
           (a, "status", "in_progress"), (b, "photo", "by b"), (a, "photo", "by a"), (b, "note", "last of b"),
           (a, "status", "done")]
    for i, (tablet, kind, what) in enumerate(did):
        if kind == "photo":
            tablet.do("photo", ticket, picture(f"{folder}/{i}.jpg", seed=i), "--caption", what)
        else:
            tablet.do(kind, ticket, what, *(NO_PHOTOS if what == "done" else ()))
    hub.start()
    for tablet in (a, b, a):
        equal(tablet.sync()["conflicts"], 0)
    for tablet in (a, b):
        tablet.agrees()
        equal(tablet.outbox(), [])

    there = hub.ticket(ticket)
    names = {tablet: own(there, tablet.device)[0]["actor"] for tablet in (a, b)}
    expect(names[a] != names[b], names)
    equal(journey(there, a, b), [(kind, names[tablet], what) for tablet, kind, what in did], "who did what when")
    equal(there["status"], "done")
    equal(sorted(photo["caption"] for photo in there["photos"]), ["by a", "by b"])
    expect(all(photo["state"] == "confirmed" for photo in there["photos"]))
    for tablet in (a, b):
        here = tablet.show(ticket)
        equal(journey(here, a, b), journey(there, a, b))
        equal([here[key] for key in ("status", "number", "crew", "updated_at")],
              [there[key] for key in ("status", "number", "crew", "updated_at")])
        equal([photo["state"] for photo in here["photos"]], ["confirmed"] * 2)
    equal(a.show(ticket), b.show(ticket))


@test
def two_ends_of_one_ticket_are_a_conflict_that_is_kept(folder):
    hub = Hub(f"{folder}/hub").start()
    a, b = hub.tablet("a"), hub.tablet("b")
    ticket, other = to_work_on(a, 2)
    a.do("status", ticket, "done", *NO_PHOTOS)
    b.do("status", ticket, "duplicate", "--duplicate-of", other, "--reason", "the same as another")
    a.sync()
    result = b.sync()
    equal([result["pending"], result["conflicts"]], [0, 1])
    equal([row["state"] for row in b.outbox()], ["needs_attention"])
    equal(hub.ticket(ticket)["status"], "done")
    equal(b.show(ticket)["status"], "done")
    expect("the same as another" in [event["data"].get("reason") for event in hub.ticket(ticket)["events"]])
    a.sync()
    for tablet in (a, b):
        tablet.agrees()


@test
def a_reassigned_ticket_leaves_one_tablet_and_enters_the_other(folder):
    hub = Hub(f"{folder}/hub").start()
    first, second = hub.tablet("first", "roads-1"), hub.tablet("second", "roads-2")
    ticket = to_work_on(first)
    first.do("note", ticket, "צפצפה before")
    first.sync()
    hub.stop()
    first.do("note", ticket, "done meanwhile")
    first.do("photo", ticket, picture(f"{folder}/meanwhile.jpg"), "--caption", "meanwhile")
    first.do("status", ticket, "in_progress")
    # The office works on the same folder, whether the hub runs or not.
    hub.do("assign", ticket, "roads-2")
    hub.start()

    second.sync()
    equal(second.show(ticket)["crew"], "roads-2")
    result = first.sync()
    equal([result["pending"], result["conflicts"], result["uploaded"]], [0, 0, 1])
    first.agrees()
    refused(first.do("show", ticket, status=1), ticket)
    expect(ticket not in [one["id"] for one in first.list()])
    with sqlite3.connect(f"{first.folder}/store.db") as db:
        for table, column in (("event", "parent"), ("photo", "ticket"), ("base", "id")):
            equal(db.execute(f"SELECT count(*) FROM {table} WHERE {column} = ?", (ticket,)).fetchone()[0], 0, table)

    there = hub.ticket(ticket)
    equal([there["crew"], there["status"]], ["roads-2", "assigned"])
    meanwhile = own(there, first.device)[1:]
    equal([event["kind"] for event in meanwhile], ["note", "photo", "status"])
    equal([event.get("contribution") for event in meanwhile], [True] * 3)
    equal(meanwhile[2]["data"]["applied"], False)
    equal([photo["state"] for photo in there["photos"]], ["confirmed"])
    expect(hub.do("check").out.startswith("1 photos re-hashed, 0 faults"))

    second.sync()
    second.agrees()
    equal([event["id"] for event in own(second.show(ticket), first.device)], [one["id"] for one in own(there, first.device)])
    equal(second.show(ticket)["photos"][0]["caption"], "meanwhile")


@test
def a_ticket_that_comes_back_is_whole_again(folder):
    hub = Hub(f"{folder}/hub").start()
    first = hub.tablet("first", "roads-1")
    ticket = to_work_on(first)
    first.do("note", ticket, "before")
    first.sync()
    hub.do("assign", ticket, "roads-2")
    first.sync()
    refused(first.do("note", ticket, "too late", status=1), ticket)
    hub.do("assign", ticket, "roads-1")
    first.sync()
    first.agrees()
    equal([event["data"].get("text") for event in own(first.show(ticket), first.device)], ["before"])
    first.do("note", ticket, "after")
    equal(first.sync()["conflicts"], 0)
    expect("contribution" not in own(hub.ticket(ticket), first.device)[-1])


@test
def a_hand_over_takes_the_ticket_to_the_other_department(folder):
    hub = Hub(f"{folder}/hub").start()
    crew, roads, lighting = (hub.tablet("crew"), hub.supervisor("roads", "roads"),
                             hub.supervisor("lighting", "lighting"))
    ticket = next(one["id"] for one in crew.list("--status", "assigned") if one["department"] == "roads")
    crew.do("hand-over", ticket, "lighting", "--reason", "a cable lies bare")
    for tablet in (crew, roads, lighting):
        equal(tablet.sync()["conflicts"], 0)
        tablet.agrees()
    there = hub.ticket(ticket)
    equal([there["department"], there["crew"], there["status"]], ["lighting", None, "new"])
    equal([leg["department"] for leg in there["legs"]], ["roads", "lighting"])
    event = own(there, crew.device)[-1]
    equal([event["kind"], event["data"]["text"]], ["handed_over", "a cable lies bare"])
    equal(lighting.show(ticket)["department"], "lighting")
    for tablet in (crew, roads):
        refused(tablet.do("show", ticket, status=1), ticket)
    lighting.do("assign", ticket, "lighting-1")
    lighting.sync()
    equal(hub.ticket(ticket)["crew"], "lighting-1")


main()
