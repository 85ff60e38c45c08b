# SPDX-License-Identifier: GPL-3.0-or-later
"""Every figure anew, slowly and plainly, from what a hub keeps of the journeys: events, services, calendars. Of a ticket only
what no event tells is read: service, priority, source, place, district, and when it falls due if that is all that is known.
What each figure counts is in app/core/FIGURES.md; nothing here shares code with the program."""
import bisect
import datetime
import json
import sqlite3

MINUTE, DAY = 60_000, 86_400_000
NEVER = 1 << 62
OPEN = {"new", "assigned", "on_the_way", "in_progress", "waiting", "reopened"}
DONE = {"done", "closed"}
MILESTONES = ("first_response", "make_safe", "complete")
BY = ("service", "department", "crew", "source", "district", "place")
STOPS = ("resident", "body", "weather")
EPOCH = datetime.date(1970, 1, 1)
YEARS = (2023, 2029)


class Calendar:
    """A town's wall clock and working time."""

    def __init__(self, entity=None):
        entity = entity or {"offsets": [[0, 0]], "week": [[[0, 1440]]] * 7}
        self.offsets = [(at * 1000, minutes * MINUTE) for at, minutes in entity["offsets"]]
        first, last = ((datetime.date(year, 1, 1) - EPOCH).days for year in YEARS)
        self.spans, self.before, self.closes_on, total = [], [], {}, 0
        for day in range(first, last):
            date = EPOCH + datetime.timedelta(days=day)
            hours = entity.get("days", {}).get(date.isoformat(), entity["week"][(date.weekday() + 1) % 7])
            for opens, closes in hours:
                span = self.instant(day, opens * MINUTE), self.instant(day, closes * MINUTE)
                self.spans.append(span)
                self.before.append(total)
                total += span[1] - span[0]
                self.closes_on[day] = span[1]
        self.opens = [span[0] for span in self.spans]
        self.work_days = sorted(self.closes_on)

    def offset(self, at):
        return [offset for since, offset in self.offsets if since <= at or since == self.offsets[0][0]][-1]

    def day(self, at):
        return (at + self.offset(at)) // DAY

    def instant(self, day, of_day):
        wall = day * DAY + of_day
        fitting = [wall - offset for _, offset in self.offsets if self.offset(wall - offset) == offset]
        return min(fitting) if fitting else wall - self.offset(wall - 14 * 60 * MINUTE)

    def worked(self, at):
        """All working time until then."""
        i = bisect.bisect_right(self.opens, at) - 1
        return self.before[i] + min(at, self.spans[i][1]) - self.spans[i][0]

    def add_work(self, at, work):
        if work <= 0:
            return at
        target = self.worked(at) + work
        i = bisect.bisect_left(self.before, target) - 1
        return self.spans[i][0] + target - self.before[i]

    def due(self, amount, unit, begin):
        if unit == "minutes":
            return begin + amount * MINUTE
        if unit == "working_hours":
            return self.add_work(begin, amount * 60 * MINUTE)
        day = self.day(begin)
        if unit == "working_days":
            return self.closes_on[self.work_days[bisect.bisect_right(self.work_days, day) + amount - 1]]
        return self.instant(day + amount, begin + self.offset(begin) - day * DAY)

    def due_with(self, target, begin, pauses):
        """None while the clock stands."""
        at = self.due(target["amount"], target["unit"], begin)
        for since, until in pauses:
            since = max(since, begin)
            if since >= at:
                break
            if until is None:
                return None
            if until > since:
                by_work = target["unit"] in ("working_hours", "working_days")
                at = self.add_work(at, self.worked(until) - self.worked(since)) if by_work else at + until - since
        return at


class Town:
    def __init__(self, path):
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
            self.services = {d["id"]: d for d in self.all(db, "service")}
            self.departments = {d["id"]: d for d in self.all(db, "department")}
            self.calendars = {d["id"]: Calendar(d) for d in self.all(db, "calendar")}
            events = {}
            # One log number for what was taken in together, in the order of its times.
            for parent, doc in db.execute("SELECT parent, doc FROM entity WHERE type = 'event' ORDER BY number, doc ->> 'at', rowid"):
                events.setdefault(parent, []).append(json.loads(doc))
            self.tickets = [self.follow(d, events.get(d["id"], [])) for d in self.all(db, "ticket")]
        self.wall = self.calendars.get("town") or Calendar()

    @staticmethod
    def all(db, kind):
        return [json.loads(doc) for (doc,) in db.execute("SELECT doc FROM entity WHERE type = ?", (kind,))]

    def calendar(self, target, department):
        name = target.get("calendar") or self.departments.get(department, {}).get("calendar") or "town"
        return self.calendars.get(name) or Calendar()

    def follow(self, ticket, events):
        return Journey(self, ticket).follow(events)


class Journey:
    """One ticket, step by step."""

    def __init__(self, town, ticket):
        self.id = ticket["id"]
        self.town, self.service = town, town.services.get(ticket.get("service"), {})
        self.of = {by: ticket.get(by, "") for by in BY if by not in ("department", "crew")}
        self.priority = ticket.get("priority", "normal")
        self.told_due = ticket.get("due_at")
        self.created = ticket["created_at"]
        self.department, self.status, self.crew = ticket.get("department", ""), "new", ""
        self.closed, self.met, self.pauses, self.reopened = None, {}, [], []
        self.owed = {m: t for m in MILESTONES if (t := self.target(m, None))}
        self.legs = []

    def target(self, milestone, department):
        rows = [row for row in self.service.get("targets", [])
                if row["milestone"] == milestone and row.get("department") == department]
        mine = [row for row in rows if row.get("priority") == self.priority]
        rest = [row for row in rows if "priority" not in row]
        return mine[-1] if mine else rest[0] if rest else None

    def begin_leg(self, department, at, event):
        if self.legs:
            self.legs[-1]["to"] = at
        # What an import tells of has no targets of its own.
        self.legs.append({"department": department, "from": at, "to": None, "crews": [],
                          "target": self.target("complete", department) if "certainty" in event else None})
        self.department = department

    def give(self, crew, at):
        if crew != self.crew:
            self.legs[-1]["crews"].append((crew, at))
            self.crew = crew

    def pause(self, since, until):
        if len(self.pauses) < 100:
            since = max([since] + [p[1] for p in self.pauses[-1:] if p[1] is not None])
            self.pauses.append([since, until if until is None else max(since, until)])

    def meets(self, milestone, to):
        return to in DONE or (milestone == "first_response" and to in ("on_the_way", "in_progress"))

    def step(self, to, at, waiting_for=None):
        before, self.status = self.status, to
        if self.pauses and self.pauses[-1][1] is None and to != "waiting":
            self.pauses[-1][1] = max(at, self.pauses[-1][0])
        for milestone in self.owed:
            if self.meets(milestone, to):
                self.met.setdefault(milestone, at)
        if to in OPEN and before not in OPEN and "complete" in self.met:
            done = self.met.pop("complete")
            if done < at:
                self.pause(done, at)
        if to == "waiting" and before != "waiting" and waiting_for in self.service.get("pauses", STOPS):
            self.pause(at, None)
        if to in OPEN:
            self.closed = None
        elif self.closed is None:
            self.closed = at

    def recorded(self, to, at):
        if self.meets("first_response", to) and self.created <= at < self.met.get("first_response", NEVER) \
                and "first_response" in self.met:
            self.met["first_response"] = at

    def apply(self, event):
        kind, at, data = event["kind"], event["at"], event.get("data", {})
        applied = data.get("applied", True)
        if kind == "status":
            to = data["to"]
            if not applied or to == self.status:
                if "conflicts" not in data:
                    self.recorded(to, at)
                return
            self.step(to, at, data.get("waiting_for"))
            if to == "reopened":
                self.reopened.append(at)
            if not self.crew and event.get("crew"):
                self.give(event["crew"], at)
            # The sample's crews have made it safe when they are there; by an operation done says it.
            if to == "in_progress" and "certainty" not in event and "make_safe" in self.owed:
                self.met.setdefault("make_safe", at)
        elif kind == "assigned" and applied:
            crew = data.get("crew") or ""
            if crew and crew == self.crew and self.status not in ("new", "reopened"):
                return
            if self.status not in OPEN:
                self.reopened.append(at)
            self.give(crew, at)
            to = "assigned" if crew else "new"
            if self.status != to:
                self.step(to, at)
        elif kind == "handed_over" and applied:
            if self.status not in OPEN:
                self.reopened.append(at)
            self.begin_leg(data["to"], at, event)
            self.crew = ""
            self.step("new", at)

    def follow(self, events):
        first = [e for e in events if e["kind"] == "handed_over" and e["data"].get("applied", True)]
        if first:
            data = first[0]["data"]
            self.department = data.get("department") or data["from"]
        self.begin_leg(self.department, self.created, next((e for e in events if e["kind"] == "created"), {}))
        for event in events:
            self.apply(event)
        self.of.update(department=self.department, crew=self.crew)
        self.judge()
        return self

    def holder(self, at):
        leg = ([leg for leg in self.legs if leg["from"] <= at] or self.legs[:1])[-1]
        return leg["department"], self.crew_of(leg, at)

    @staticmethod
    def crew_of(leg, at):
        return ([""] + [crew for crew, since in leg["crews"] if since <= at])[-1]

    def settle(self, target, department, begin, met):
        pauses = list(self.pauses)
        while pauses and pauses[-1][0] >= met:
            pauses.pop()
        return self.town.calendar(target, department).due_with(target, begin, pauses)

    def judge(self):
        """When it falls due, and what was kept and what broken: (at, kept, department, crew)."""
        self.promises, dues = [], []
        done = self.met.get("complete", NEVER)
        if "complete" in self.owed:
            due = self.settle(self.owed["complete"], self.service.get("department") or self.department, self.created, done)
            dues.append(due)
            self.promise(due, done)
        else:
            done = self.closed if self.status in DONE else NEVER
        clock_done = self.met.get("complete", NEVER)
        for leg in self.legs:
            if leg["target"]:
                due = self.settle(leg["target"], leg["department"], leg["from"], min(clock_done, leg["to"] or NEVER))
                self.promise(due, min(done, leg["to"] or NEVER), leg)
                if clock_done == NEVER and leg["to"] is None:
                    dues.append(due)
        if "complete" in self.owed or any(leg["target"] for leg in self.legs):
            self.due = min([due for due in dues if due is not None], default=None)
        else:
            self.due = self.told_due
            self.promise(self.due, done)

    def promise(self, due, met, leg=None):
        closed = NEVER if self.closed is None else self.closed
        if due is None:
            return
        kept = met <= due and met <= closed
        if not kept and due >= min(met, closed):
            return
        at = met if kept else due
        department, crew = self.holder(at) if leg is None else (leg["department"], self.crew_of(leg, at))
        self.promises.append((at, kept, department, crew))


def percentile(values, percent):
    values = sorted(values)
    return values[-(-len(values) * percent // 100) - 1]


class Group:
    def __init__(self):
        self.tickets, self.promises = [], []

    def figures(self, now, tomorrow, before, begin, until, days):
        """As the programs write them."""
        def within(at, since, end):
            return at is not None and since <= at < end

        def share(since, end):
            judged = [kept for at, kept in self.promises if since <= at < end and (kept or at < now)]
            return [sum(judged), len(judged)]

        still = [t for t in self.tickets if t.status in OPEN]
        closed = [t for t in self.tickets if within(t.closed, begin, until)]
        done = [t for t in closed if t.status in DONE]
        late = [t for t in still if t.due is not None and t.due < now]
        out = {
            "opened": sum(within(t.created, begin, until) for t in self.tickets),
            "closed": len(closed),
            "open": len(still),
            "late": len(late),
            "due_today": sum(within(t.due, now, tomorrow) for t in still),
            "oldest_at": min((t.created for t in still), default=None),
            "on_time": share(begin, until),
            "on_time_before": share(before, begin),
            "first_time": [sum(not t.reopened for t in done), len(done)],
            "reopened": sum(within(at, begin, until) for t in self.tickets for at in t.reopened),
        }
        took = {m: [t.met[m] - t.created for t in self.tickets if within(t.met.get(m), begin, until)] for m in MILESTONES}
        for name, percent in (("median", 50), ("p90", 90)):
            out[name] = {m: percentile(values, percent) for m, values in took.items() if values}
        opened, over = ([sum(within(at(t), days[i], days[i + 1]) for t in self.tickets) for i in range(14)]
                        for at in (lambda t: t.created, lambda t: t.closed))
        out["trend"] = {"opened": opened, "closed": over, "usual": [percentile(opened, 25), percentile(opened, 75)]}
        for name in ("on_time", "on_time_before", "first_time"):
            if out[name][1] == 0:
                del out[name]
        return {name: value for name, value in out.items() if value not in (None, {})}


def rise(figures):
    now, before = figures.get("on_time"), figures.get("on_time_before")
    return now[0] * 10000 // now[1] - before[0] * 10000 // before[1] if now and before else 0


def figures(town, now, by=None, first=None, last=None):
    """What `figures --json` says, as of now; first and last: days as 2026-11-01."""
    wall = town.wall
    today = wall.day(now)
    last = today if last is None else (datetime.date.fromisoformat(last) - EPOCH).days
    first = last - 6 if first is None else (datetime.date.fromisoformat(first) - EPOCH).days
    midnight = [wall.instant(day, 0) for day in (today + 1, 2 * first - last - 1, first, last + 1)]
    days = [wall.instant(last - 13 + i, 0) for i in range(15)]
    groups, town_group = {}, Group()
    for ticket in town.tickets:
        key = ticket.of.get(by, "")
        groups.setdefault(key, Group()).tickets.append(ticket)
        town_group.tickets.append(ticket)
        for at, kept, department, crew in ticket.promises:
            town_group.promises.append((at, kept))
            # Who judges nothing in either period is not mentioned for it.
            if midnight[1] <= at < midnight[3] and (kept or at < now):
                whose = {"department": department, "crew": crew}.get(by, key)
                groups.setdefault(whose, Group()).promises.append((at, kept))
    out = {"as_of": now, "from": midnight[2], "until": midnight[3], "town": town_group.figures(now, *midnight, days)}
    if by:
        out["by"] = by
        rows = [{**({"id": key} if key else {}), **group.figures(now, *midnight, days)} for key, group in groups.items()]
        out["groups"] = sorted(rows, key=lambda row: (-rise(row), row.get("id", "").encode()))
    return out
