#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test-obstacles.py BUILD he|en WIDTHxHEIGHT: what stands in the way, raised and answered in the window.

A crew raises one from its ticket with no signal; its department's supervisor, in the window too, answers and settles
it; the answer comes back to the crew, is counted beside the page's name until it is looked at, and stands in the
ticket's journey."""

import json
import os
import sqlite3
import sys

import tap

tap.need("Xvfb", "dbus-daemon", "xdotool", "gdbus")
try:
    from hands import BUTTON, Hands
    from harness import Failed, Desk, choose, wait_for
except (ImportError, ValueError) as missing:
    tap.skip(missing)

FOCUSED = 12  # among the states
WORDS = "אין מפתח לארון"
ANSWER = "המפתח אצל השומר"


def obstacles(desk, store):
    return json.loads(desk.run("shetachctl", "--store", store, "obstacles", "--json"))


def write(node, text):
    """Into an entry or a text, by its own interface."""
    node.get_editable_text_iface().set_text_contents(text)


def kept(store, ticket):
    """What the tablet keeps of an obstacle that was begun."""
    with sqlite3.connect(f"file:{store}/store.db?mode=ro", uri=True) as db:
        rows = db.execute("SELECT value FROM meta WHERE key = 'obstacle_draft ' || ?", (ticket,)).fetchall()
    return rows[0][0] if rows else ""


def said(hands):
    """What stands in the form."""
    node = hands.window.find("text", hands.exactly("What is in the way, in some words"))
    return node.get_text(0, node.get_character_count())


def counted(hands, n):
    said = hands.say.own.ngettext("Obstacles, %d with news", "Obstacles, %d with news", n) if hands.say.own \
        else "Obstacles, %d with news"
    return f"^{said.replace('%d', str(n))}$"


def raise_one(desk, store, ticket, language, check):
    choose(store, page="work", ticket=ticket)
    hands = Hands(desk, store, language)
    with check.point("it is raised from the ticket that it holds up", hands):
        hands.open()
        hands.tap("Obstacle…")
        hands.window.find("label", hands.exactly("What is in the way?"))
        hands.tap("Raise it")
        hands.window.find("label", hands.exactly("Say in some words what is in the way"))
        words = hands.window.find("text", hands.exactly("What is in the way, in some words"))
        wait_for("the focus to be where words are missing", lambda: FOCUSED in words.get_state_set())
        write(words, WORDS)
        hands.tap("Raise it")
        kind = hands.window.find(BUTTON, hands.exactly("Another department", "obstacle"))
        wait_for("the focus to be where a kind is missing", lambda: FOCUSED in kind.get_state_set())
        hands.tap("No way in", "obstacle")
    with check.point("what is begun outlives the form, and a program that is killed", hands):
        hands.tap("Close. What is written is kept.")
        wait_for("the draft to be kept", lambda: WORDS in kept(store, ticket) and "access" in kept(store, ticket))
        hands.kill()
        hands.open()
        hands.tap("Obstacle…")
        wait_for("the words to come back", lambda: said(hands) == WORDS)
    with check.point("it is raised, and is begun no more", hands):
        hands.tap("Raise it")
        hands.window.find("label", hands.exactly("Raised. An answer comes back to you."))
        (one,) = obstacles(desk, store)
        if (one["kind"], one["text"], one["ticket"]) != ("access", WORDS, ticket):
            raise Failed(one)
        wait_for("the draft to go", lambda: kept(store, ticket) == "")
    with check.point("the ticket's journey tells it", hands):
        hands.window.find("label", f"^{hands.say('In the way: %s').replace('%s', hands.say('No way in', 'obstacle'))}")
    with check.point("the window closes well", hands):
        hands.close()


def settle(desk, store, language, check):
    choose(store, page="work", ticket="")
    hands = Hands(desk, store, language)
    with check.point("whom it concerns is told that there is news", hands):
        hands.open()
        hands.window.find(BUTTON, counted(hands, 1))
    with check.point("a supervisor's cards tell whose they are", hands):
        crew = hands.named("crews", "roads-1")
        wait_for(f"a card of {crew}", lambda: [card for card in hands.cards() if f", {crew}, " in card.name])
        hands.tap("Crew…")
        desk.click_at(hands.window.find("list item", f"^{crew}$"))
        hands.window.find(BUTTON, f"^{crew} · [0-9]+$")
        wait_for("no card of another crew", lambda: hands.cards() and all(f", {crew}, " in card.name for card in hands.cards()))
        hands.filter("Open")
        hands.window.gone(BUTTON, f"^{crew} · [0-9]+$")
    with check.point("it is answered and settled", hands):
        hands.go_to("Obstacles")
        hands.window.find("label", f"^{WORDS}$")
        hands.tap("Answer…")
        write(hands.window.find("text", None), ANSWER)
        desk.click_at(hands.window.find("list item", hands.beginning("Answer and settle it")))
        wait_for("it to be settled", lambda: obstacles(desk, store)[0]["status"] == "settled")
        hands.window.find("label", hands.exactly("✓ Settled"))
    with check.point("what was looked at is no news", hands):
        hands.window.find(BUTTON, hands.exactly("Obstacles"))
        hands.close()


def hear(desk, store, ticket, language, check):
    choose(store, page="work", ticket="")
    hands = Hands(desk, store, language)
    with check.point("the answer comes back to who raised it", hands):
        hands.open()
        hands.window.find(BUTTON, counted(hands, 1))
        hands.go_to("Obstacles")
        hands.window.find("label", f"^{ANSWER}$")
        hands.window.find("label", hands.exactly("News"))
        hands.window.find(BUTTON, hands.exactly("Obstacles"))
    with check.point("its ticket is a tap away, and its journey tells the answer", hands):
        with sqlite3.connect(os.path.join(store, "store.db")) as db:
            (number,) = db.execute("SELECT number FROM ticket WHERE id = ?", (ticket,)).fetchone()
        hands.window.click(BUTTON, f"^{number}$")
        wait_for("the ticket", lambda: hands.open_ticket() == ticket)
        hands.window.find("label", hands.beginning("The obstacle is settled"))
    with check.point("the window closes well once more", hands):
        hands.close()


def main(build, language, size):
    check = tap.Tap()
    desk = Desk(build, *map(int, size.split("x")))
    try:
        crew = desk.make_store()
        with sqlite3.connect(os.path.join(crew, "store.db")) as db:
            ticket, department = db.execute("SELECT id, department FROM ticket WHERE open AND crew = 'roads-1' "
                                            "ORDER BY id LIMIT 1").fetchone()
        boss = desk.make_store("--supervisor", department)
        raise_one(desk, crew, ticket, language, check)
        for store in (crew, boss):
            desk.run("shetachctl", "--store", store, "sync", "--timeout", "300")
        settle(desk, boss, language, check)
        for store in (boss, crew):
            desk.run("shetachctl", "--store", store, "sync", "--timeout", "300")
        hear(desk, crew, ticket, language, check)
    finally:
        desk.close()
    check.end()


main(*sys.argv[1:])
