# SPDX-License-Identifier: GPL-3.0-or-later
"""Conflicts, decisions and undo on the command line, between a crew and its supervisor."""
from harness import NO_PHOTOS, Hub, equal, expect, main, refused, test, to_work_on


def conflicts(tablet):
    return tablet.do("conflicts", "--json").json()


def a_conflict(folder):
    """The supervisor sets a ticket to wait, the crew, which has not heard of it, to done."""
    hub = Hub(f"{folder}/hub").start()
    crew = hub.tablet("crew")
    ticket = to_work_on(crew)
    boss = hub.supervisor("boss", crew.show(ticket)["department"])
    boss.do("status", ticket, "waiting", "--waiting-for", "parts")
    crew.do("status", ticket, "done", *NO_PHOTOS)
    boss.sync()
    crew.sync()
    boss.sync()
    equal(crew.show(ticket)["status"], "waiting")
    return hub, crew, boss, ticket


@test
def a_conflict_is_seen_on_both_sides_and_decided(folder):
    hub, crew, boss, ticket = a_conflict(folder)
    (here,), (there,) = conflicts(crew), conflicts(boss)
    equal([here["field"], here["stands"], here["mine"]["value"], here["theirs"]["value"]],
          ["status", "theirs", "done", "waiting"])
    equal([there["id"], there["stands"], there["mine"]["value"]], [here["id"], "mine", "waiting"])
    expect(here["mine"]["at"] and here["theirs"]["at"] and here["theirs"]["by"], here)
    expect("waiting" in crew.do("conflicts").out)

    crew.do("resolve", here["number"], "--keep", "mine")
    equal(conflicts(crew), [])
    for tablet in (crew, boss, crew):
        tablet.sync()
    for tablet in (crew, boss):
        equal(tablet.show(ticket)["status"], "done")
        equal(conflicts(tablet), [])
        tablet.agrees()
    expect("resolved" in [event["kind"] for event in hub.ticket(ticket)["events"]])


@test
def what_cannot_be_decided_is_said_plainly(folder):
    _, crew, _, _ = a_conflict(folder)
    (row,) = conflicts(crew)
    refused(crew.do("resolve", "no-such", "--keep", "mine", status=1), "nothing about")
    refused(crew.do("resolve", row["id"], "--keep", "both", status=2), "mine|theirs")
    refused(crew.do("resolve", row["id"], "--field", "title", "--keep", "mine", status=1), "nothing about")
    equal(conflicts(crew), [row])
    crew.do("resolve", row["id"][:30], "--field", "status", "--keep", "theirs")
    equal(conflicts(crew), [])


@test
def undo_says_what_it_did(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("tablet")
    ticket = to_work_on(tablet)
    before = tablet.show(ticket)
    refused(tablet.do("undo", status=1), "no step")
    tablet.do("note", ticket, "on the wrong ticket")
    expect(tablet.do("undo", ticket).out.startswith("withdrawn "))
    equal(tablet.show(ticket), before)
    equal(tablet.outbox(), [])
    # A try that found no hub has sent nothing.
    hub.stop()
    tablet.do("note", ticket, "without a signal")
    tablet.do("sync", status=1)
    equal([row["state"] for row in tablet.outbox()], ["on_device"])
    expect(tablet.do("undo", ticket).out.startswith("withdrawn "))
    hub.start()
    tablet.do("status", ticket, "in_progress")
    tablet.sync()
    expect(tablet.do("undo", ticket).out.startswith("compensated "))
    equal(tablet.show(ticket)["status"], before["status"])
    tablet.sync()
    equal(hub.ticket(ticket)["status"], before["status"])
    equal(tablet.do("away", "--json").json(), {})
    tablet.agrees()


main()
