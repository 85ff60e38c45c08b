#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test-here.py BUILD he|en WIDTHxHEIGHT: at the start of a shift the crew says who is there, and each step then tells it."""

import json
import os
import re
import sqlite3
import sys

import tap

tap.need("Xvfb", "dbus-daemon", "xdotool", "gdbus")
try:
    from hands import BUTTON, Hands
    from harness import Desk, Failed, choose, wait_for
except (ImportError, ValueError) as missing:
    tap.skip(missing)

CHECKED = 4  # of AT-SPI's states
QUESTION = "Who is on the crew today?"
HOURS_MS = 3600 * 1000


def rows(hands):
    return hands.window.all("check box", ".")


def ticked(hands):
    return [node.name for node in rows(hands) if node.get_state_set().contains(CHECKED)]


def forget(store):
    with sqlite3.connect(os.path.join(store, "store.db")) as db:
        db.execute("DELETE FROM meta WHERE key = 'crew_here'")


def age(store, hours):
    """The last answer was so long ago."""
    with sqlite3.connect(os.path.join(store, "store.db")) as db:
        db.execute("UPDATE meta SET value = json_set (value, '$.at', (value ->> '$.at') - ?) WHERE key = 'crew_here'",
                   (hours * HOURS_MS,))


def events(desk, ticket):
    return json.loads(desk.run("shetach-hub", "ticket", ticket, "--json", "--data", desk.hub_data))["events"]


def note_at_hub(desk, ticket, text):
    def found():
        told = [event for event in events(desk, ticket) if (event.get("data") or {}).get("text") == text]
        return told[0] if told else None
    return wait_for(f"“{text}” at the hub", found)


def asks(desk, hands, check):
    with check.point("the first window of a shift asks, with the crew's people and nobody ticked", hands):
        forget(hands.store)
        hands.open()
        hands.window.find("label", hands.exactly(QUESTION))
        if len(rows(hands)) < 2 or ticked(hands):
            raise Failed(f"the rows are {[node.name for node in rows(hands)]}, ticked {ticked(hands)}")
        low = [node.name for node in rows(hands) if node.place().height < 64]
        if low:
            raise Failed(f"too low for a glove: {low}")
    with check.point("two are ticked, and the work is there", hands):
        here = [node.name for node in rows(hands)[:2]]
        for node in rows(hands)[:2]:
            desk.click_at(node)
        wait_for("two to be ticked", lambda: ticked(hands) == here)
        hands.tap("They are here")
        hands.window.gone("label", hands.exactly(QUESTION))
        wait_for("the cards", lambda: len(hands.cards()) >= 4)
    return here


def tells(desk, hands, here, check):
    with check.point("a step tells them in its journey, here and at the hub", hands):
        _, ticket = hands.open_first("Assigned")
        hands.write_note("with two people")
        plain = re.compile("[\u2066-\u2069\u200e\u200f]")
        wait_for("both names beside the step", lambda: any(
            all(name in plain.sub("", label.name) for name in here) and "(" in label.name for label in hands.window.all("label", ".")))
        told = note_at_hub(desk, ticket, "with two people")
        if len(told.get("people", [])) != 2 or not all(one["id"] and one["name"] for one in told["people"]):
            raise Failed(f"the hub tells {told}")
        hands.close()
    return ticket


def again(desk, hands, here, ticket, check):
    with check.point("the same shift is not asked again", hands):
        age(hands.store, 10)
        hands.open()
        hands.window.find(BUTTON, hands.exactly("Back"))
        hands.window.gone("label", hands.exactly(QUESTION))
        hands.close()
    with check.point("the next one is, with the last choice offered; and nobody has to say", hands):
        age(hands.store, 5)
        choose(hands.store, page="work", ticket="")
        hands.open()
        hands.window.find("label", hands.exactly(QUESTION))
        wait_for("the last choice", lambda: ticked(hands) == here)
        hands.tap("Rather not say")
        wait_for("the cards", lambda: len(hands.cards()) >= 4)
        desk.run("shetachctl", "--store", hands.store, "note", ticket, "nobody said")
        if "people" in note_at_hub(desk, ticket, "nobody said"):
            raise Failed("somebody is told whom nobody named")
    with check.point("it is changed from the menu at any time", hands):
        desk.click_at(hands.window.find(BUTTON, hands.exactly("Menu")))
        item = hands.window.find(None, hands.exactly("Who is here today"))
        wait_for("the menu's item", lambda: item.do_action(0))
        hands.window.find("label", hands.exactly(QUESTION))
        wait_for("rows", lambda: len(rows(hands)) >= 2)
        desk.click_at(rows(hands)[0])
        wait_for("one to be ticked", lambda: len(ticked(hands)) == 1)
        hands.tap("They are here")
        hands.window.gone("label", hands.exactly(QUESTION))
        desk.run("shetachctl", "--store", hands.store, "note", ticket, "with one")
        if len(note_at_hub(desk, ticket, "with one")["people"]) != 1:
            raise Failed("not one is told")
    with check.point("who has left the crew meanwhile is not on it, and the question stands until it is answered for the others", hands):
        desk.click_at(hands.window.find(BUTTON, hands.exactly("Menu")))
        item = hands.window.find(None, hands.exactly("Who is here today"))
        wait_for("the menu's item", lambda: item.do_action(0))
        hands.window.find("label", hands.exactly(QUESTION))
        for node in rows(hands):
            if node.name not in ticked(hands):
                desk.click_at(node)
        wait_for("all to be ticked", lambda: len(ticked(hands)) == len(rows(hands)))
        listed = len(rows(hands))
        with sqlite3.connect(os.path.join(hands.store, "store.db")) as db:
            (gone, doc), = db.execute("SELECT id, doc FROM entity WHERE type = 'person' AND id IN (SELECT value FROM json_each ("
                                      "(SELECT value ->> '$.people' FROM meta WHERE key = 'crew_here'))) LIMIT 1").fetchall()
            db.execute("UPDATE entity SET doc = json_set (doc, '$.crew', 'another') WHERE type = 'person' AND id = ?", (gone,))
        hands.tap("They are here")
        wait_for("one row less", lambda: len(rows(hands)) == listed - 1)
        if len(ticked(hands)) != listed - 1:
            raise Failed(f"ticked are {ticked(hands)}")
        hands.tap("They are here")
        hands.window.gone("label", hands.exactly(QUESTION))
        with sqlite3.connect(os.path.join(hands.store, "store.db")) as db:
            db.execute("UPDATE entity SET doc = ? WHERE type = 'person' AND id = ?", (doc, gone))
            chosen = json.loads(db.execute("SELECT value FROM meta WHERE key = 'crew_here'").fetchone()[0])["people"]
        if len(chosen) != listed - 1 or gone in chosen:
            raise Failed(f"{chosen} are said to be here")
        hands.close()


def leaks(desk, hands, check):
    def use():
        desk.click_at(hands.window.find(BUTTON, hands.exactly("Menu")))
        item = hands.window.find(None, hands.exactly("Who is here today"))
        wait_for("the menu's item", lambda: item.do_action(0))
        hands.window.find("label", hands.exactly(QUESTION))
        hands.tap("Rather not say")
        wait_for("the cards", lambda: len(hands.cards()) >= 4)

    with check.point("the question leaves nothing behind", hands):
        hands.leaks_nothing(use)


def main(build, language, size):
    check = tap.Tap()
    desk = Desk(build, *map(int, size.split("x")))
    try:
        store = desk.make_store()
        choose(store, page="work", ticket="")
        hands = Hands(desk, store, language)
        here = asks(desk, hands, check)
        ticket = tells(desk, hands, here, check)
        again(desk, hands, here, ticket, check)
        leaks(desk, hands, check)
    finally:
        desk.close()
    check.end()


main(*sys.argv[1:])
