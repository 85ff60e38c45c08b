# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures of the hub and of a manager's tablet, to the digit as a plain computation over the journeys has them."""
import figures
import harness
from figures_town import HERE, agree_league, day, league_of, whole_town
from harness import NO_PHOTOS, Hub, equal, expect, main, refused, run, test


@test
def the_figures_of_a_town_are_those_of_its_journeys(folder):
    whole_town(folder, 1000, [(), ("--from", day(40)), ("--to", day(3)), ("--from", day(9), "--to", day(9)),
                              ("--from", "2024-01-01", "--to", "2024-12-31")])


@test
def every_tablet_is_told_how_all_are_doing(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("tablet")
    league = league_of(tablet)
    agree_league(figures.Town(f"{hub.folder}/hub.db"), tablet)
    # it is no news that time has passed
    hub.stop()
    hub.start()
    tablet.sync()
    equal(league_of(tablet)["rev"], league["rev"])
    tablet.do("status", tablet.list("--status", "assigned")[0]["id"], "done", *NO_PHOTOS)
    tablet.sync()
    hub.stop()
    hub.start()
    tablet.sync()
    newer = league_of(tablet)
    expect(newer["rev"] > league["rev"])
    equal(newer["town"]["closed"], league["town"]["closed"] + 1)
    tablet.agrees()


@test
def a_crew_sees_what_it_has_done_before_it_is_sent(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("tablet")
    hub.stop()

    def own():
        return tablet.do("figures", "--json", "--by", "crew").json()

    def of(one, crew):
        return next((g for g in one["groups"] if g.get("id") == crew), {})

    before = own()
    ticket = tablet.list("--status", "assigned")[0]["id"]
    tablet.do("status", ticket, "done", *NO_PHOTOS)
    after = own()
    equal(of(after, "roads-1")["closed"], of(before, "roads-1")["closed"] + 1)
    equal(of(after, "roads-1")["open"], of(before, "roads-1")["open"] - 1)
    tablet.do("undo", ticket)
    again = own()
    equal({**again, "as_of": 0}, {**before, "as_of": 0}, "undone")
    new = tablet.do("report", "--service", "road-hole", *HERE).out.strip()
    equal(own()["town"]["opened"], before["town"]["opened"] + 1)
    tablet.do("undo", new)
    equal(own()["town"]["opened"], before["town"]["opened"])


@test
def what_cannot_be_counted_is_said(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("tablet")
    for do in (hub.do, tablet.do):
        refused(do("figures", "--by", "person", status=2), "service, department, crew", "person")
        refused(do("figures", "--from", "yesterday", status=2), "a day", "yesterday")
        refused(do("figures", "--to", "2026-02-30", status=2), "a day", "2026-02-30")
        refused(do("figures", "--from", "2026-02-02", "--to", "2026-02-01", status=2), "ends before it begins")
        lines = do("figures", "--by", "department").out.splitlines()
        expect(lines[0].startswith("department ") and "on time" in lines[0] and lines[1].startswith("town "), lines)
        expect("worker" not in do("figures", "--json", "--by", "crew").out, "nobody is named")
    refused(run(harness.hub_program, "figures", "--data", f"{folder}/none", status=1), "no hub")


main()
