#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test-maps.py BUILD he|en WIDTHxHEIGHT: a map from the office in the window, from the first look before the shift on.

It is fetched, shown at once, replaced by a newer one while it is open, and removed; what Sync says before the shift follows."""

import os
import re
import shutil
import sqlite3
import sys

import tap

tap.need("Xvfb", "dbus-daemon", "xdotool", "gdbus")
try:
    from hands import NO_LEAKS, Hands
    from harness import Failed, Desk, choose, wait_for
except (ImportError, ValueError) as missing:
    tap.skip(missing)

NAME = "North and South"


def give(desk, attribution):
    """The sample town's map under another's name, as the office gives it out."""
    path = os.path.join(desk.folder, "given.mbtiles")
    shutil.copy(os.path.join(desk.build, "data", "map", "town.mbtiles"), path)
    with sqlite3.connect(path) as db:
        db.execute("UPDATE metadata SET value = ? WHERE name = 'attribution'", (attribution,))
    desk.run("shetach-hub", "map", "add", path, "--name", NAME, "--data", desk.hub_data)


def files(store):
    folder = os.path.join(store, "maps")
    return sorted(os.listdir(folder)) if os.path.isdir(folder) else []


def main(build, language, size):
    check = tap.Tap()
    desk = Desk(build, *map(int, size.split("x")))
    try:
        store = desk.make_store()
        os.environ["SHETACH_MAPS"] = os.path.join(desk.folder, "none")
        choose(store, page="sync", ticket="")
        hands = Hands(desk, store, language)
        give(desk, "© Northern Survey")
        with check.point("before the shift: what lies outside the maps, and what to fetch", hands):
            hands.open(NO_LEAKS)
            hands.window.find("label", hands.exactly("Before the shift"))
            hands.window.find("label", re.escape(NAME))
        with check.point("it is fetched by one button, and then all tickets lie inside", hands):
            hands.tap("Maps")
            hands.window.find("label", f"^{re.escape(NAME)}$")
            hands.window.click("push button", f"^{re.escape(hands.say('Fetch'))}, ")
            hands.window.find("label", hands.exactly("On this tablet"))
            if len(files(store)) != 1 or not files(store)[0].endswith(".mbtiles"):
                raise Failed(files(store))
            desk.press("Escape")
            hands.window.find("label", hands.exactly("The streets around all your tickets are on this tablet"))
        with check.point("the map shows it, and says whose it is", hands):
            hands.go_to("Map")
            hands.window.find("label", "^© Northern Survey$")
            hands.window.gone("label", hands.exactly("This tablet has no map of the streets yet. Tickets are shown where they are."))
        with check.point("a newer version takes its place while it is shown", hands):
            before = files(store)
            give(desk, "© Southern Survey")
            hands.window.find("label", "^© Southern Survey$")
            if files(store) == before or len(files(store)) != 1:
                raise Failed(f"{files(store)} after {before}")
        with check.point("removed, it is gone from the disk and from sight", hands):
            # a menu's button is opened by a finger alone
            desk.click_at(hands.window.find("push button|toggle button", hands.exactly("What the map shows")))
            hands.tap("Maps on this tablet")
            hands.window.click("push button", f"^{re.escape(hands.say('Remove'))}, ")
            hands.window.find("label", hands.exactly("Not on this tablet"))
            wait_for("its file to go", lambda: files(store) == [])
            desk.press("Escape")
            hands.window.find("label", hands.exactly("This tablet has no map of the streets yet. Tickets are shown where they are."))
            hands.close()
    finally:
        desk.close()
    check.end()


main(*sys.argv[1:])
