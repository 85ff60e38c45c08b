# SPDX-License-Identifier: GPL-3.0-or-later
"""When work falls due: on a tablet with no signal as at the hub, by the city's own table and calendars."""
import csv
import datetime
import io
import os

from harness import Hub, equal, expect, main, refused, test, to_work_on

HERE = ("--lat", "31.2432246", "--lon", "34.5917558")
ISRAEL = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "data", "calendar", "israel.ics")


def report(tablet, service="road-hole"):
    return tablet.do("report", "--service", service, *HERE).out.strip()


def promised(view, milestone="complete"):
    return {one["milestone"]: one for one in view["sla"]}[milestone]


def moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def table(hub):
    return list(csv.DictReader(io.StringIO(hub.do("sla", "export").out)))


def bring(hub, folder, rows, **options):
    path = f"{folder}/table.csv"
    with open(path, "w", newline="", encoding="utf-8") as file:
        out = csv.DictWriter(file, list(rows[0]))
        out.writeheader()
        out.writerows(rows)
    return hub.do("sla", "import", path, **options)


def holidays(folder, *days):
    path = f"{folder}/days.ics"
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN"]
    for n, day in enumerate(days):
        lines += ["BEGIN:VEVENT", f"UID:{n}@test", "DTSTAMP:20250101T000000Z", f"DTSTART;VALUE=DATE:{day:%Y%m%d}", "END:VEVENT"]
    with open(path, "w", newline="", encoding="utf-8") as file:
        file.write("\r\n".join(lines + ["END:VCALENDAR", ""]))
    return path


@test
def a_report_knows_with_no_signal_when_it_falls_due(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("tablet")
    hub.stop()
    new = report(tablet)
    here = tablet.show(new)
    equal([(one["milestone"], one["amount"], one["unit"]) for one in here["sla"]],
          [("first_response", 4, "working_hours"), ("make_safe", 120, "minutes"), ("complete", 5, "working_days")])
    # five working days end at closing, 15:30 in Israel
    expect(here["due_at"].endswith(("T12:30:00Z", "T13:30:00Z")), here["due_at"])
    hub.start()
    tablet.sync()
    equal([hub.ticket(new)[member] for member in ("due_at", "sla")], [here["due_at"], here["sla"]])
    tablet.agrees()


@test
def a_ticket_that_waits_for_the_resident_stands_and_goes_on(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("tablet")
    ticket = report(tablet)
    before = tablet.show(ticket)["due_at"]
    tablet.do("status", ticket, "on_the_way")
    tablet.do("status", ticket, "waiting", "--waiting-for", "parts")
    equal(tablet.show(ticket)["due_at"], before, "parts are the department's own affair")
    tablet.do("status", ticket, "in_progress")
    tablet.do("status", ticket, "waiting", "--waiting-for", "resident")
    tablet.sync()
    equal([tablet.show(ticket)["due_at"], hub.ticket(ticket)["due_at"]], [None, None])
    expect(promised(hub.ticket(ticket), "first_response")["met_at"])
    tablet.do("status", ticket, "in_progress")
    tablet.sync()
    expect(moment(hub.ticket(ticket)["due_at"]) >= moment(before))
    equal(tablet.show(ticket)["sla"], hub.ticket(ticket)["sla"])
    tablet.agrees()


@test
def a_city_brings_its_own_table(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("tablet")
    old = report(tablet)
    tablet.sync()
    before = hub.ticket(old)
    rows = table(hub)
    expect(len(rows) > 30, "the sample's table")
    for row in rows:
        if row["service"] == "road-hole" and row["milestone"] == "complete":
            row.update(amount="2", unit="days")
    rows.append({**rows[0], "service": "road-hole", "milestone": "complete", "amount": "3", "unit": "minutes",
                 "department": "lighting"})
    said = bring(hub, folder, rows).out
    expect(said.startswith(f"{len(rows)} targets of 20 services"), said)
    equal(table(hub), sorted(rows, key=lambda row: row["service"]), "what was brought")
    equal(hub.ticket(old)["sla"], before["sla"], "what was promised")
    tablet.sync()
    new = report(tablet)
    tablet.sync()
    there = hub.ticket(new)
    equal((moment(there["due_at"]) - moment(there["created_at"])).days in (1, 2), True, "two days, by the wall clock")
    # The other department has three minutes for its leg.
    tablet.do("hand-over", new, "lighting", "--reason", "a lamp")
    tablet.sync()
    there = hub.ticket(new)
    began = datetime.datetime.fromtimestamp(there["legs"][-1]["from"] / 1000, datetime.timezone.utc)
    expect(abs(moment(there["due_at"]) - began - datetime.timedelta(minutes=3)) <= datetime.timedelta(seconds=1), there["due_at"], began)


@test
def a_table_with_a_mistake_changes_nothing(folder):
    hub = Hub(f"{folder}/hub")
    before = hub.do("sla", "export").out
    rows = table(hub)
    rows[3]["unit"] = "fortnights"
    refused(bring(hub, folder, rows, status=1), "table.csv", "line 5", "fortnights")
    equal(hub.do("sla", "export").out, before)
    refused(hub.do("sla", "import", f"{folder}/none.csv", status=1), "none.csv")
    os.mkfifo(f"{folder}/pipe")
    refused(hub.do("sla", "import", f"{folder}/pipe", status=1), "pipe")


@test
def a_day_on_which_all_are_sent_home_puts_off_what_is_open(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("tablet")
    new = report(tablet)
    tablet.sync()
    before = hub.ticket(new)
    done = to_work_on(tablet)
    tablet.do("status", done, "done", "--without-photo", "before", "--without-photo", "after", "--reason", "none")
    tablet.sync()
    judged = hub.ticket(done)["sla"]
    today = datetime.date.today()
    said = hub.do("calendar", "import", holidays(folder, *(today + datetime.timedelta(days=n) for n in range(1, 15)))).out
    expect(int(said.split("weekday; ")[1].split()[0]) > 0, said)
    after = hub.ticket(new)
    expect(moment(after["due_at"]) - moment(before["due_at"]) >= datetime.timedelta(days=12), before["due_at"], after["due_at"])
    equal(hub.ticket(done)["sla"], judged, "what is over has been judged")
    tablet.sync()
    equal(tablet.show(new)["due_at"], after["due_at"])
    # The tablet knows the calendar too.
    hub.stop()
    other = tablet.show(report(tablet))
    equal(promised(other)["due_at"], promised(after)["due_at"])


@test
def a_department_works_by_its_own_calendar(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("tablet")
    hub.do("calendar", "set", "--id", "nights", "--week", "sun-sat 22:00-24:00", "--department", "roads")
    expect("nights" in hub.do("calendar", "list").out)
    tablet.sync()
    new = report(tablet)
    tablet.sync()
    # closing is at midnight in Israel
    expect(hub.ticket(new)["due_at"].endswith(("T21:00:00Z", "T22:00:00Z")), hub.ticket(new)["due_at"])
    equal(tablet.show(new)["sla"], hub.ticket(new)["sla"])
    hub.do("calendar", "import", ISRAEL, "--id", "nights")
    refused(hub.do("calendar", "set", "--id", "nights", "--week", "sun 08:00-09:00", status=1), "import them again")
    refused(hub.do("calendar", "set", "--week", "sometimes", status=1), "sometimes")
    refused(hub.do("calendar", "set", "--id", "x", "--zone", "Nowhere", status=1), "Nowhere")
    refused(hub.do("calendar", "set", "--id", "x", "--department", "parks", status=1), "parks")
    refused(hub.do("calendar", "import", __file__, status=1), "iCalendar")
    expect("x " not in hub.do("calendar", "list").out, "what was refused is not there")


main()
