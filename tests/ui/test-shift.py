#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test-shift.py BUILD LANGUAGE WIDTHxHEIGHT: a whole shift of one crew, through the window alone.

The tablet is enrolled, and looked at before it leaves; then there is no hub: twelve tickets of five services are worked on with
their forms and photos, one of them handed over and one a repetition, a hazard is reported and an obstacle raised. Then the hub is
back, everything is confirmed, and hub and tablet agree. The taps of the usual ways are counted."""

import json
import os
import re
import sqlite3
import sys
import tempfile

import tap

tap.need("Xvfb", "dbus-daemon", "xdotool", "gdbus")
try:
    from hands import BUTTON, Hands
    from harness import Desk, Failed, wait_for
except (ImportError, ValueError) as missing:
    tap.skip(missing)

CREW, DEPARTMENT = "gardens-1", "gardens"
SENSITIVE = 24  # of AT-SPI's states
TICKETS, SERVICES = 12, 5
MOST_TAPS, REPORT_TAPS = 5, 3
WORDS = "צריך סולם ארוך יותר"


class Tapping(Hands):
    """Counts what a finger does."""

    taps = typed = 0

    def tap(self, text, context=None):
        self.taps += 1
        return super().tap(text, context)

    def tap_on(self, role, pattern):
        self.taps += 1
        return self.window.click(role, pattern)

    def go_to(self, page):
        self.taps += 1
        return super().go_to(page)

    def write(self, name, text):
        self.typed += 1
        wait_for(f"a field {name}", lambda: self.window.all("text|entry", name))[0].get_editable_text_iface().set_text_contents(text)


def choose_tickets(desk):
    """Twelve of the department's, of five services at least, no two of which look the same on a card."""
    with sqlite3.connect(f"file:{desk.hub_data}/hub.db?mode=ro", uri=True) as db:
        rows = [json.loads(row[0]) for row in db.execute(
            "SELECT doc FROM entity WHERE type = 'ticket' AND doc ->> 'department' = ? AND doc ->> 'status' IN ('new', 'assigned') "
            "ORDER BY id", (DEPARTMENT,))]
        taken = {(doc["title"], doc.get("address")) for doc in (json.loads(row[0]) for row in db.execute(
            "SELECT doc FROM entity WHERE type = 'ticket' AND doc ->> 'crew' = ?", (CREW,)))}
    by_service, chosen = {}, []
    for doc in rows:
        look = (doc["title"], doc.get("address"))
        if (doc.get("crew") != CREW and look in taken) or not doc.get("address") or not doc.get("number"):
            continue
        taken.add(look)
        by_service.setdefault(doc["service"], []).append(doc)
    while len(chosen) < TICKETS and any(by_service.values()):
        for some in by_service.values():
            if some and len(chosen) < TICKETS:
                chosen.append(some.pop())
    if len(chosen) < TICKETS or len({doc["service"] for doc in chosen}) < SERVICES:
        raise Failed(f"the sample has only {len(chosen)} tickets of {set(by_service)}")
    for doc in chosen:
        desk.run("shetach-hub", "assign", doc["id"], CREW, "--data", desk.hub_data)
    return chosen


def service_of(store, code):
    with sqlite3.connect(f"file:{store}/store.db?mode=ro", uri=True) as db:
        return json.loads(db.execute("SELECT doc FROM entity WHERE type = 'service' AND id = ?", (code,)).fetchone()[0])


def at_hub(desk, ticket):
    return json.loads(desk.run("shetach-hub", "ticket", ticket, "--json", "--data", desk.hub_data))


def name_in(hands, names):
    return re.escape(names[hands.language])


def enrol(desk, store, hands):
    told = desk.run("shetach-hub", "enrol", "--data", desk.hub_data, "--crew", CREW)
    hands.open()
    hands.write(hands.exactly("Address of the hub"), desk.url)
    hands.write(hands.exactly("Code"), re.findall(r"[0-9A-Z]{5}-[0-9A-Z]{5}", told)[-1])
    hands.tap("Connect")
    here = hands.exactly("They are here")
    wait_for("the first page", lambda: hands.cards() or hands.window.all(BUTTON, here))
    # Who of the crew is there is asked once for each shift; it stands beside each step.
    if hands.window.all(BUTTON, here):
        desk.click_at(hands.window.find("check box", "."))
        hands.tap_on(BUTTON, here)


def take_photo(hands, role):
    hands.tap({"before": "Add a photo before", "after": "Add a photo after"}[role])
    shutter = hands.window.find(BUTTON, hands.exactly("Take the photo"))
    wait_for("the live picture", lambda: shutter.get_state_set().contains(SENSITIVE))
    hands.tap("Take the photo")
    hands.tap_on(BUTTON, hands.counted("Done: %u photo", "Done: %u photos", 1))
    hands.find_photo(role)


def answer(hands, question):
    """One required question of a form, in the least taps."""
    words, kind = name_in(hands, question["descriptions"]), question["datatype"]
    if kind in ("singlevaluelist", "multivaluelist"):
        hands.tap_on(BUTTON, f"^{name_in(hands, question['values'][0]['names'])}$")
    elif kind == "number":
        hands.write(f"^{words}$", "12")
    elif kind == "datetime":
        hands.tap_on(BUTTON, f"^{words}, {hands.say('Now')}$")
    else:
        hands.write(f"^{words}$", "12")


def open_ticket(hands, doc):
    """By its number, as a dispatcher says it."""
    hands.go_to("My work")
    entry = hands.exactly("Search tickets")
    if not hands.window.all("entry|text", entry):
        hands.tap("Search")
    hands.write(entry, doc["number"])
    wait_for("the one card", lambda: len(hands.cards()) == 1)
    hands.open_card(f"{doc['title']}, {doc['address']}, ")
    wait_for("the ticket", lambda: hands.open_ticket() == doc["id"])


def start(hands):
    if hands.window.all(BUTTON, hands.exactly("On my way")):
        hands.tap("On my way")
    hands.window.find(BUTTON, hands.exactly("Start"))
    hands.taps = hands.typed = 0
    hands.tap("Start")
    hands.window.find(BUTTON, hands.exactly("Done", "step"))


def work_on(hands, store, doc):
    """From the list to done. Returns: how many taps and words it took from the start on, and what was asked for"""
    service = service_of(store, doc["service"])
    asked = [question for question in service.get("form", []) if question.get("required")]
    photos = [role for role in ("before", "after") if service.get("photos", {}).get(role)]
    open_ticket(hands, doc)
    start(hands)
    for question in asked:
        answer(hands, question)
    for role in photos or ["after"]:
        take_photo(hands, role)
    hands.tap("Done", "step")
    hands.window.gone(BUTTON, hands.exactly("Done", "step"))
    return hands.taps, hands.typed, len(asked), len(photos)


def hand_over(hands, doc):
    open_ticket(hands, doc)
    hands.tap("Hand over…")
    title = re.escape(hands.say("Hand over to which department?"))
    dialog = hands.window.find("filler|dialog|frame", f"^{title}$")
    hands.desk.click_at(wait_for("a department", lambda: hands.window.all("list item", top=dialog))[0])
    wait_for("the dialog's end", lambda: not hands.desk.has_window(title))


def repeat(hands, doc):
    open_ticket(hands, doc)
    hands.desk.click_at(hands.window.find(BUTTON, hands.exactly("More")))
    hands.window.click("menu item|push button", hands.exactly("Duplicate of another…", "step"))
    title = re.escape(hands.say("Which ticket does this repeat?"))
    dialog = hands.window.find("filler|dialog|frame", f"^{title}$")
    hands.desk.click_at(wait_for("a ticket nearby", lambda: hands.window.all("list item", top=dialog))[0])
    wait_for("the dialog's end", lambda: not hands.desk.has_window(title))


def raise_obstacle(hands, doc):
    open_ticket(hands, doc)
    hands.tap("Obstacle…")
    hands.write(hands.exactly("What is in the way, in some words"), WORDS)
    hands.tap("No way in", "obstacle")
    hands.tap("Raise it")
    hands.window.find("label", hands.exactly("Raised. An answer comes back to you."))


def report(hands, store, service):
    """Returns: how many taps it took, that to its page among them."""
    hands.taps = hands.typed = 0
    hands.go_to("Report")
    hands.tap_on(BUTTON, f"^{name_in(hands, service_of(store, service)['names'])}$")
    hands.tap("Save")
    hands.window.find(BUTTON, hands.on_toast("Open"))
    return hands.taps, hands.typed


def shift(desk, language, check):
    desk.town = (*desk.town, "--tickets", "2000")
    desk.make_town()
    desk.serve()
    docs = choose_tickets(desk)
    store = tempfile.mkdtemp(prefix="shift-", dir=desk.folder)
    os.environ["SHETACH_CAMERA"] = "videotestsrc is-live=true pattern=ball"
    hands = Tapping(desk, store, language)
    with check.point("the tablet is enrolled, and gets its tickets", hands):
        enrol(desk, store, hands)
        wait_for("the cards", hands.cards)
        wait_for("all of them", lambda: sqlite3.connect(f"file:{store}/store.db?mode=ro", uri=True).execute(
            "SELECT count(*) FROM ticket WHERE crew = ? AND open", (CREW,)).fetchone()[0] >= TICKETS)
    with check.point("before the shift it says that all is there", hands):
        hands.go_to("Sync")
        hands.window.find("label", hands.exactly("Before the shift"))
        hands.window.find("label", hands.exactly("Everything is with the hub"))
    desk.stop_hub()
    over, twin, work = docs[0], docs[1], docs[2:]
    for i, doc in enumerate(work):
        with check.point(f"ticket {i + 1} of {len(work)}, {doc['service']}, is done with no hub", hands):
            taps, typed, asked, photos = work_on(hands, store, doc)
            check.tell(f"{taps} taps and {typed} words, {asked} questions, {photos} photos asked for")
            if asked == 0 and photos < 2 and (taps > MOST_TAPS or typed):
                raise Failed(f"{taps} taps, {typed} words from start to done")
    with check.point("one goes to another department", hands):
        hand_over(hands, over)
    with check.point("one repeats another", hands):
        repeat(hands, twin)
    with check.point("a hazard is reported", hands):
        taps, typed = report(hands, store, docs[0]["service"])
        if taps > REPORT_TAPS or typed:
            raise Failed(f"{taps} taps and {typed} words for a report")
    with check.point("an obstacle is raised", hands):
        hands.go_to("My work")
        hands.filter("All")
        raise_obstacle(hands, work[0])
    with check.point("once there is a hub everything is confirmed", hands):
        desk.serve(desk.url.removeprefix("http://"))
        hands.go_to("Sync")
        hands.window.find("label", hands.exactly("Everything is with the hub"), 300)
        hands.close()
        desk.run("shetachctl", "--store", store, "sync")
        if "agree" not in desk.run("shetachctl", "--store", store, "check"):
            raise Failed("hub and tablet differ")
        if json.loads(desk.run("shetachctl", "--store", store, "outbox", "--json")):
            raise Failed("something waits still")
    with check.point("and the hub has it as it was done", hands):
        agree(desk, store, over, twin, work)


def agree(desk, store, over, twin, work):
    for doc in work:
        there = at_hub(desk, doc["id"])
        service = service_of(store, doc["service"])
        missing = [question["code"] for question in service.get("form", [])
                   if question.get("required") and question["code"] not in there.get("answers", {})]
        photos = [photo["state"] for photo in there["photos"]]
        if there["status"] != "done" or missing or not photos or set(photos) != {"confirmed"}:
            raise Failed(f"{doc['service']}: {there['status']}, without {missing}, photos {photos}")
    if at_hub(desk, over["id"])["department"] == DEPARTMENT or at_hub(desk, twin["id"])["status"] != "duplicate":
        raise Failed("the hand-over or the duplicate is not at the hub")
    with sqlite3.connect(f"file:{desk.hub_data}/hub.db?mode=ro", uri=True) as db:
        reports, obstacles = (db.execute(sql, (CREW,)).fetchone()[0] for sql in (
            "SELECT count(*) FROM entity WHERE type = 'ticket' AND doc ->> 'reporter_crew' = ? AND doc ->> 'source' = 'crew'",
            "SELECT count(*) FROM entity WHERE type = 'obstacle' AND doc ->> 'crew' = ?"))
    if (reports, obstacles) != (1, 1):
        raise Failed(f"{reports} reports and {obstacles} obstacles at the hub")


def main(build, language, size):
    check = tap.Tap()
    desk = Desk(build, *map(int, size.split("x")))
    try:
        shift(desk, language, check)
    finally:
        desk.close()
    check.end()


main(*sys.argv[1:])
