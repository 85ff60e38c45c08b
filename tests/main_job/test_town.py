# SPDX-License-Identifier: GPL-3.0-or-later
"""The sample town, and the keys that a script may rely on."""
from harness import Hub, equal, expect, main, picture, run, test, to_work_on
import harness

TICKET = {"id", "number", "status", "title", "description", "address", "lat", "lon", "service", "department", "crew",
          "place", "due_at", "source", "photos", "events"}
PHOTO = {"id", "source_sha256", "sha256", "size", "role", "caption", "taken_at", "lat", "lon", "state"}
EVENT = {"id", "kind", "at", "received_at", "actor"}
STATUSES = {"new", "assigned", "on_the_way", "in_progress", "waiting", "done", "closed", "reopened", "forwarded",
            "cancelled", "duplicate"}


def town(folder, name, seed, tickets=60):
    hub = Hub(f"{folder}/{name}", sample=False)
    run(harness.hub_program, "sample", "--data", hub.folder, "--tickets", tickets, "--seed", seed, "--date", "2025-02-01")
    return hub


def all_of(hub, folder, name):
    """Everything that the hub tells a manager's tablet."""
    hub.start()
    tablet = harness.Tablet(f"{folder}/tablet-{name}")
    tablet.do("enrol", hub.url, hub.code("--manager"))
    tablet.sync()
    tablet.agrees()
    told = (sorted(tablet.list(), key=lambda one: one["id"]), tablet.do("places", "--json").json(),
            hub.do("crews", "--json").json())
    hub.stop()
    return told


@test
def the_same_seed_gives_the_same_town_and_another_another(folder):
    a, b, c = (all_of(town(folder, name, seed), folder, name) for name, seed in (("a", 5), ("b", 5), ("c", 6)))
    equal(len(a[0]), 60)
    equal(a, b)
    expect(a[0] != c[0], "another seed")
    equal([a[1:]], [c[1:]], "places and crews are the town's own")


@test
def the_town_has_what_it_should(folder):
    hub = town(folder, "hub", 1, 400)
    tickets, places, crews = all_of(hub, folder, "all")
    equal(len(tickets), 400)
    expect(len(places) >= 60, len(places), "places")
    equal([len({place["layer"] for place in places}), len(crews)], [5, 8])
    equal(len({crew["department"] for crew in crews}), 5)
    expect(len({ticket["service"] for ticket in tickets}) >= 14, "services")
    expect(all(ticket["events"] for ticket in tickets), "journeys")
    equal(sum(1 for ticket in tickets if not any("\u05d0" <= c <= "\u05ea" for c in ticket["address"])), 0, "Hebrew")
    expect({ticket["status"] for ticket in tickets} <= STATUSES)
    again = run(harness.hub_program, "sample", "--data", hub.folder, "--seed", 1, "--date", "2025-02-01").out
    expect("0 entities added, 0 changed" in again, again)


@test
def the_keys_are_exactly_there(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("tablet")
    ticket = to_work_on(tablet)
    tablet.do("photo", ticket, picture(f"{folder}/a.jpg"), "--role", "before", "--caption", "x")
    for state in ("on_device", "confirmed"):
        for view in [tablet.show(ticket), *tablet.list("--limit", "5")] + ([hub.ticket(ticket)] if state == "confirmed"
                                                                           else []):
            expect(TICKET <= set(view), TICKET - set(view))
            for photo in view["photos"]:
                expect(PHOTO <= set(photo), PHOTO - set(photo))
                equal(photo["state"], state)
            for event in view["events"]:
                expect(EVENT <= set(event), EVENT - set(event))
        tablet.sync()
    for crew in hub.do("crews", "--json").json():
        equal(set(crew), {"id", "name", "department"})
    equal(set(tablet.sync()) & {"pulled", "pushed", "uploaded", "pending", "conflicts"},
          {"pulled", "pushed", "uploaded", "pending", "conflicts"})


main()
