# SPDX-License-Identifier: GPL-3.0-or-later
"""A town to count: a day on which everything happens that a figure minds, and what hub and tablet say of it beside the plain
computation over its journeys."""
import csv
import datetime
import io
import json
import sqlite3
import time

import figures
import harness
from harness import NO_PHOTOS, Hub, Tablet, equal, expect, run

HERE = ("--lat", "31.2432246", "--lon", "34.5917558")


def day(ago):
    return (datetime.date.today() - datetime.timedelta(days=ago)).isoformat()


def sample(folder, tickets):
    run(harness.hub_program, "sample", "--data", folder, "--tickets", tickets, "--seed", 11, limit=3600)
    return Hub(folder, sample=False)


def agree(town, do, periods):
    """All that a program says of the figures is as the plain computation has it."""
    for period in periods:
        for by in (None, *figures.BY):
            words = (*(("--by", by) if by else ()), *period)
            said = dict(zip(words[::2], words[1::2]))
            before = int(time.time() * 1000)
            got = do("figures", "--json", *words).json()
            expect(before <= got["as_of"] <= time.time() * 1000, "as of", got["as_of"])
            wanted = figures.figures(town, got["as_of"], by, said.get("--from"), said.get("--to"))
            for name in wanted:
                if name != "groups":
                    equal(got.get(name), wanted[name], f"{words} {name}")
            if "groups" in wanted:
                equal([g.get("id") for g in got["groups"]], [g.get("id") for g in wanted["groups"]], f"{words} order")
                for mine, theirs in zip(got["groups"], wanted["groups"]):
                    equal(mine, theirs, f"{words}")
            equal(got, wanted, words)


def league_of(tablet):
    """What a tablet has been told of how all are doing."""
    with sqlite3.connect(f"file:{tablet.folder}/store.db?mode=ro", uri=True) as db:
        rows = db.execute("SELECT doc FROM entity WHERE type = 'figures'").fetchall()
    equal(len(rows), 1)
    return json.loads(rows[0][0])


def agree_league(town, tablet):
    """Which is as the plain computation has it, but for what belongs to nobody, and `p90`."""
    league = league_of(tablet)
    for by in ("department", "crew"):
        wanted = figures.figures(town, league["as_of"], by)
        for one in (wanted["town"], *wanted["groups"]):
            one.pop("p90", None)
        equal([league[name] for name in ("from", "until", "town")], [wanted[name] for name in ("from", "until", "town")])
        equal(league[f"{by}s"], [group for group in wanted["groups"] if "id" in group])
        expect(len(league[f"{by}s"]) > 4)


def pick(hub, where, n, but=()):
    """Tickets of the sample, the oldest first."""
    with sqlite3.connect(f"file:{hub.folder}/hub.db?mode=ro", uri=True) as db:
        ids = [row[0] for row in db.execute(f"SELECT id FROM entity WHERE type = 'ticket' AND {where} ORDER BY id")]
    ids = [one for one in ids if one not in but]
    expect(len(ids) >= n, "only", len(ids), "tickets where", where)
    return ids[:n]


UNDER_WAY = "doc ->> 'status' IN ('assigned', 'on_the_way', 'in_progress')"
OPEN_LATE = f"{UNDER_WAY} AND doc ->> 'due_at' < strftime ('%s') * 1000"


def act(hub, manager):
    """A day on which everything happens that a figure minds; the ids of whatever it happened to."""
    late = [*pick(hub, f"{OPEN_LATE} AND doc ->> 'crew' = 'roads-2'", 3), *pick(hub, f"{OPEN_LATE} AND doc ->> 'crew' = 'roads-1'", 3)]
    crew = hub.tablet("crew")
    # given to others when it was late already
    manager.do("assign", late[0], "roads-1")
    manager.do("assign", late[1], "gardens-1")
    manager.do("hand-over", late[2], "lighting", "--reason", "a lamp")
    manager.sync()
    crew.sync()
    for status in ("on_the_way", "in_progress"):
        crew.do("status", late[3], status)
    crew.do("status", late[3], "waiting", "--waiting-for", "resident")
    crew.do("status", late[4], "done", *NO_PHOTOS)
    crew.do("status", late[5], "done", *NO_PHOTOS)
    crew.do("status", late[5], "in_progress")
    new = [crew.do("report", "--service", service, *HERE).out.strip() for service in ("road-hole", "pavement", "road-hole")]
    crew.do("status", new[0], "done", *NO_PHOTOS)
    crew.do("hand-over", new[1], "gardens", "--reason", "a root")
    crew.sync()
    manager.sync()
    manager.do("status", new[2], "duplicate", "--duplicate-of", new[0])
    # reopened three ways
    manager.do("status", late[4], "reopened")
    manager.do("assign", late[4], "roads-1")
    manager.do("status", new[0], "closed")
    manager.do("status", new[0], "reopened")
    # how many the sample has that are done and not closed yet depends on the hour
    done = pick(hub, f"{UNDER_WAY} AND doc ->> 'crew' = 'roads-1'", 4, late + new)
    for one in done:
        crew.do("status", one, "done", *NO_PHOTOS)
    crew.sync()
    manager.sync()
    manager.do("assign", done[0], "roads-2")
    manager.do("hand-over", done[1], "sanitation")
    manager.do("status", done[2], "cancelled")
    manager.do("status", done[3], "forwarded")
    manager.do("status", late[0], "cancelled")
    manager.do("hand-over", new[1], "roads")
    manager.sync()
    crew.sync()
    crew.do("status", new[2], "in_progress", status=1)
    return late, new, done


def target_of_their_own(hub, folder):
    """The other department has a minute for its leg of a road's hole, and two hours where it is a pavement."""
    rows = list(csv.DictReader(io.StringIO(hub.do("sla", "export").out)))
    model = next(row for row in rows if row["service"] == "road-hole" and row["milestone"] == "complete")
    rows += [{**model, "priority": "", "amount": "1", "unit": "minutes", "department": "lighting"},
             {**model, "service": "pavement", "priority": "", "amount": "2", "unit": "working_hours", "department": "gardens"}]
    path = f"{folder}/sla.csv"
    with open(path, "w", newline="", encoding="utf-8") as file:
        out = csv.DictWriter(file, list(rows[0]))
        out.writeheader()
        out.writerows(rows)
    hub.do("sla", "import", path)


def manager_of(hub, folder):
    tablet = Tablet(f"{folder}/manager")
    tablet.do("enrol", hub.url, hub.code("--manager"))
    tablet.do("sync", limit=3600)
    return tablet


def whole_town(folder, tickets, periods):
    hub = sample(f"{folder}/hub", tickets)
    agree(figures.Town(f"{hub.folder}/hub.db"), hub.do, periods)
    target_of_their_own(hub, folder)
    hub.start()
    manager = manager_of(hub, folder)
    agree_league(figures.Town(f"{hub.folder}/hub.db"), manager)
    late, new, done = act(hub, manager)
    town = figures.Town(f"{hub.folder}/hub.db")
    journeys = {ticket.id: ticket for ticket in town.tickets}
    # what was arranged has come about, so that it is looked at at all
    equal(journeys[late[0]].promises[0][1:], (False, "roads", "roads-2"), "late before it was given to others")
    equal(journeys[late[2]].promises[0][2], "roads", "late before it was handed over")
    expect(journeys[late[2]].department == "lighting" and journeys[late[2]].crew == "")
    equal([len(journeys[one].reopened) for one in (late[4], late[5], new[0])], [1, 0, 1])
    expect(all(journeys[one].reopened for one in done[:2]))
    equal([journeys[one].status for one in (new[2], done[2], done[3])], ["duplicate", "cancelled", "forwarded"])
    expect(len(journeys[new[1]].promises) > 0, "a leg with a target of its own")
    expect(any(t.pauses for t in town.tickets) and any(t.due is None and t.status == "waiting" for t in town.tickets))
    agree(town, hub.do, periods)
    agree(town, manager.do, periods)
    manager.agrees()
