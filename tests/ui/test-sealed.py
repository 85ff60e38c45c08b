#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test-sealed.py BUILD LANGUAGE WIDTHxHEIGHT: the office seals a tablet whose window is open; a new code makes it one again."""

import json
import re
import os
import sys

import tap

tap.need("Xvfb", "dbus-daemon", "gdbus")
try:
    from hands import BUTTON, Hands
    from harness import Desk, Failed, choose, wait_for
    from scene_stores import seal as be_sealed
except (ImportError, ValueError) as missing:
    tap.skip(missing)


def device_of(store):
    with open(os.path.join(store, "device.json"), encoding="utf-8") as file:
        return json.load(file)


def seal(desk, language, check):
    store = desk.make_store()
    choose(store, page="work", ticket="")
    hands = Hands(desk, store, language)
    with check.point("the window lets go of all it shows when the office seals the tablet", hands):
        hands.open()
        cards = [card.name for card in wait_for("the cards", hands.cards)]
        desk.run("shetach-hub", "seal", device_of(store)["device"], "--data", desk.hub_data)
        hands.window.find("label|filler", hands.exactly("This tablet is sealed"), 4 * 60)
        seen = " ".join(name for _, name in hands.window.names() if name)
        if any(card.split(",")[0] in seen for card in cards):
            raise Failed(f"the window still shows {seen}")
        wait_for("the login to go", lambda: "token" not in device_of(store))
    with check.point("a new code makes it a tablet again", hands):
        told = desk.run("shetach-hub", "enrol", "--data", desk.hub_data, "--crew", "roads-1")
        for title, text in (("Address of the hub", desk.url), ("Code", re.findall(r"[0-9A-Z]{5}-[0-9A-Z]{5}", told)[-1])):
            entry = hands.window.find("entry|text", hands.exactly(title))
            entry.get_editable_text_iface().set_text_contents(text)
        hands.tap("Connect")
        wait_for("the cards", lambda: sorted(card.name for card in hands.cards()) == sorted(cards))
        hands.close()


def save(desk, language, check):
    store = desk.make_store()
    ticket = json.loads(desk.run("shetachctl", "--store", store, "list", "--json"))[0]["id"]
    desk.run("shetachctl", "--store", store, "note", ticket, "not sent")
    be_sealed(desk, store, ticket)
    choose(store, text_size="200")
    hands = Hands(desk, store, language)
    with check.point("with work that was not sent the page tells how much, and has to save it in sight, however large the letters", hands):
        hands.open()
        said = hands.say.own.ngettext("%d step", "%d steps", 1) if hands.say.own else "%d step"
        hands.window.find("label", f"^{re.escape(hands.say('Waiting to be sent: %s') % said.replace('%d', '1'))}$")
        button = hands.window.find(BUTTON, hands.exactly("Save to USB"))
        place = button.place()
        if place.y + place.height > desk.height:
            raise Failed(f"it ends at {place.y + place.height} of {desk.height}")
        hands.close()


def main(build, language, size):
    check = tap.Tap()
    desk = Desk(build, *map(int, size.split("x")))
    try:
        seal(desk, language, check)
        save(desk, language, check)
    finally:
        desk.close()
    check.end()


main(*sys.argv[1:])
