# SPDX-License-Identifier: GPL-3.0-or-later
"""What is around a place, and the day's route, on a tablet with no signal."""
import math
import time

from harness import Hub, equal, expect, main, refused, test

# a place in the sample town
LAT, LON = 31.2432246, 34.5917558


def metres(lat, lon):
    """Near enough within a town."""
    return math.hypot((lat - LAT) * 111195, (lon - LON) * 111195 * math.cos(math.radians(LAT)))


def report(tablet, north, service="road-hole"):
    return tablet.do("report", "--service", service, "--lat", f"{LAT + north / 111195:.7f}", "--lon", f"{LON:.7f}").out.strip()


@test
def what_is_near_is_found_on_ones_own_list_and_others(folder):
    hub = Hub(f"{folder}/hub").start()
    roads = hub.tablet("roads")
    lights = hub.tablet("lights", crew="lighting-1")
    theirs = report(lights, 12)
    lights.sync()
    roads.sync()
    hub.stop()
    mine, lamp, far = report(roads, 20), report(roads, 5, "street-light"), report(roads, 90)
    near = {one["id"]: one for one in roads.do("near", LAT, LON, "100", "--json").json()}
    equal([near[one]["metres"] for one in (lamp, theirs, mine, far)], [5, 12, 20, 90])
    equal([near[one]["others"] for one in (lamp, theirs, mine, far)], [False, True, False, False])
    # the same kind within thirty metres: is it this one?
    same = [one["id"] for one in roads.do("near", LAT, LON, "30", "--service", "road-hole", "--json").json()]
    expect(theirs in same and mine in same and lamp not in same and far not in same, same)
    # every open ticket with a place, by a plain count
    wanted = sum(metres(one["lat"], one["lon"]) <= 1500 for one in roads.list()
                 if one.get("lat") is not None and one["status"] not in ("done", "closed", "cancelled", "duplicate", "forwarded"))
    found = [one for one in roads.do("near", LAT, LON, "1500", "--limit", "1000", "--json").json() if not one["others"]]
    expect(abs(len(found) - wanted) <= 1, len(found), wanted)
    equal([one["metres"] for one in found], sorted(one["metres"] for one in found))
    # the nearest of them, and no others, whether they are our own
    whole = roads.do("near", LAT, LON, "1500", "--limit", "1000", "--json").json()
    for limit in (1, 2, 3, 7, 30):
        equal([one["id"] for one in roads.do("near", LAT, LON, "1500", "--limit", str(limit), "--json").json()],
              [one["id"] for one in whole[:limit]])
    roads.do("undo", mine)
    expect(mine not in [one["id"] for one in roads.do("near", LAT, LON, "100", "--json").json()])
    refused(roads.do("near", "north", LON, status=2), "degrees")
    refused(roads.do("near", LAT, LON, "far", status=2), "METRES")


@test
def a_day_has_a_route_that_a_person_may_change(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("tablet")
    hub.stop()
    here = ("--near", f"{LAT},{LON}")
    route = tablet.do("route", *here, "--json").json()
    mine = {one["id"] for status in ("assigned", "on_the_way", "in_progress") for one in tablet.list("--status", status)
            if one.get("lat") is not None}
    equal({one["id"] for one in route["stops"]}, mine)
    expect(len(mine) > 3 and not route["placed"], route)
    times = [one["arrive_at"] for one in route["stops"]]
    equal(times, sorted(times))
    expect(times[0] >= time.time() * 1000 - 60000)
    # asked again it says the same
    again = tablet.do("route", *here, "--json").json()
    equal([one["id"] for one in again["stops"]], [one["id"] for one in route["stops"]])
    last = route["stops"][-1]["id"]
    placed = tablet.do("route", "first", last, *here, "--json").json()
    equal((placed["stops"][0]["id"], placed["stops"][0]["why"], placed["placed"]), (last, "placed", True))
    equal({one["id"] for one in placed["stops"]}, mine)
    # it is kept, and goes with its ticket
    equal(tablet.do("route", *here, "--json").json()["stops"][0]["id"], last)
    tablet.do("status", last, "waiting", "--waiting-for", "parts")
    left = tablet.do("route", *here, "--json").json()
    expect(last not in [one["id"] for one in left["stops"]] and not left["placed"], left)
    tablet.do("undo", last)
    equal(tablet.do("route", "suggest", *here, "--json").json()["placed"], False)
    # what is begun comes first, wherever the crew is
    begun = route["stops"][len(route["stops"]) // 2]["id"]
    before = [one for one in mine if tablet.show(one)["status"] in ("on_the_way", "in_progress")]
    tablet.do("status", begun, "in_progress")
    first = tablet.do("route", "--json").json()["stops"][:len(set(before) | {begun})]
    expect(begun in [one["id"] for one in first] and {one["why"] for one in first} == {"begun"}, first)
    refused(tablet.do("route", "first", "nobody", status=1), "no ticket")
    refused(tablet.do("route", "--near", "here", status=2), "LAT,LON")


@test
def a_manager_has_no_route(folder):
    hub = Hub(f"{folder}/hub").start()
    manager = hub.supervisor("manager", "roads")
    equal(manager.do("route", "--json").json(), {"stops": [], "placed": False, "left_out": 0})


main()
