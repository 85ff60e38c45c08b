#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test-unlock.py BUILD he|en WIDTHxHEIGHT: a supervisor's tablet tells what opens a crew's tablet whose PIN was forgotten."""

import contextlib
import json
import os
import re
import sqlite3
import subprocess
import sys

import tap

tap.need("Xvfb", "dbus-daemon", "xdotool", "gdbus")
try:
    from hands import BUTTON, Hands
    from harness import Desk, Failed, wait_for
except (ImportError, ValueError) as missing:
    tap.skip(missing)

# Eight digits as a locked tablet shows them, and the same misread.
CHALLENGE, MISREAD = "1234 5674", "1234 5675"


def ask(desk, hands, digits, crew):
    desk.click_at(hands.window.find(BUTTON, hands.exactly("Menu")))
    item = hands.window.find(None, hands.exactly("Open a locked tablet"))
    wait_for("the menu's item", lambda: item.do_action(0))
    entry = hands.window.find("entry|text", hands.exactly("The eight digits it shows"))
    entry.get_editable_text_iface().set_text_contents(digits)
    # cards tell their crew, too, among other things
    desk.click_at(hands.window.find("list item", f"^{crew}$"))


def office(desk, crew):
    """What the hub's own command tells."""
    told = json.loads(desk.run("shetach-hub", "unlock", CHALLENGE, "--crew", crew, "--json", "--data", desk.hub_data))
    return {one["answer"][:4] + " " + one["answer"][4:]: one["device"] for one in told}


def devices(desk):
    return {one["device"]: one for one in json.loads(desk.run("shetach-hub", "devices", "--json", "--data", desk.hub_data))}


def main(build, language, size):
    check = tap.Tap()
    desk = Desk(build, *map(int, size.split("x")))
    try:
        desk.make_store("--crew", "gardens-1")
        crew = json.load(open(os.path.join(desk.make_store("--crew", "roads-1"), "device.json"), encoding="utf-8"))["device"]
        hands = Hands(desk, desk.make_store("--supervisor", "roads"), language)
        boss = json.load(open(os.path.join(hands.store, "device.json"), encoding="utf-8"))["device"]
        with contextlib.closing(sqlite3.connect(os.path.join(hands.store, "store.db"))) as db:
            named = json.loads(db.execute("SELECT doc FROM entity WHERE type = 'crew' AND id = 'roads-1'").fetchone()[0])
        words = re.escape((named.get("names") or {}).get(language) or named["name"])
        with check.point("a supervisor reads the digits aloud that the office would", hands):
            hands.open()
            ask(desk, hands, CHALLENGE, words)
            hands.window.find("label", hands.exactly("Read these digits aloud"))
            for digits, device in office(desk, "roads-1").items():
                hands.window.find("label", f".*{digits}.*")
                hands.window.find("label", f".*{device[-4:]}.*")
            desk.press("Escape")
        with check.point("only crews of the own department are offered, and the hub keeps who asked", hands):
            desk.run("shetachctl", "--store", hands.store, "unlock", "roads-1", CHALLENGE)
            if devices(desk)[crew].get("answered_by") != boss:
                raise Failed(f"the hub has {devices(desk)[crew]}")
            refused = subprocess.run([desk.program("shetachctl"), "--store", hands.store, "unlock", "gardens-1", CHALLENGE],
                                     capture_output=True, text=True, check=False)
            if refused.returncode == 0:
                raise Failed("another department's tablet is opened")
        with check.point("digits that were misread are told, and asked for again", hands):
            ask(desk, hands, MISREAD, words)
            hands.window.find("label", hands.exactly(
                "These digits were misread or misheard. Ask for them once more, one after the other."))
            desk.press("Escape")
        with check.point("with no signal it says who can tell", hands):
            desk.stop_hub()
            ask(desk, hands, CHALLENGE, words)
            hands.window.find("label", hands.exactly("The hub cannot be reached from here. The office can tell what opens the "
                                                     "tablet, without a signal too."))
            desk.press("Escape")
            hands.close()
    finally:
        desk.close()
    check.end()


main(*sys.argv[1:])
