#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test-where.py BUILD he|en WIDTHxHEIGHT: where the tablet is, on the map and in words, and who is told.

GeoClue is not there at first, comes, and tells where the tablet is: the map shows it and follows until it is dragged; the
hub hears of it during the shift alone; a crew pauses it, and its supervisor sees that in a window of his own; without
leave, or switched off, nothing is known and nothing is left."""

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
    from harness import Failed, Desk, choose, wait_for
except (ImportError, ValueError) as missing:
    tap.skip(missing)


def told(desk):
    """What the hub knows of roads-1 now."""
    newest = json.loads(desk.run("shetach-hub", "positions", "--data", desk.hub_data, "--json"))
    return next((one for one in newest if one["crew"] == "roads-1"), {"state": "nothing"})


def wait_until_told(desk, state):
    return wait_for(f"the hub to be told “{state}”", lambda: told(desk)["state"] == state and told(desk))


def near(store, metres):
    """A ticket of the crew's, and a place so far south of it."""
    with sqlite3.connect(os.path.join(store, "store.db")) as db:
        ticket, lat, lon = db.execute("SELECT id, lat_e7, lon_e7 FROM ticket WHERE open AND crew = 'roads-1' AND lat_e7 "
                                      "IS NOT NULL ORDER BY id LIMIT 1").fetchone()
    return ticket, {"latitude": lat / 1e7 - metres / 111195, "longitude": lon / 1e7, "accuracy": 11.2}


def kept(store):
    """Whether the tablet has kept where it was."""
    with sqlite3.connect(os.path.join(store, "store.db")) as db:
        return db.execute("SELECT count(*) FROM meta WHERE value LIKE '%lat_e7%'").fetchone()[0] > 0


def shift(desk, week):
    desk.run("shetach-hub", "calendar", "set", "--data", desk.hub_data, "--id", "test", "--week", week, "--department", "roads")


def find_oneself(desk, crew, ticket, place, language, check):
    # In portrait an open ticket has the window to itself.
    beside = desk.width > desk.height
    choose(crew, page="map", ticket=ticket if beside else "")
    hands = Hands(desk, crew, language)
    mine = f"^{re.escape(hands.say('My position: %s').replace('%s', ''))}"
    within = hands.say("within %s").replace("%s", hands.say("%d m").replace("%d", "12"))
    with check.point("without GeoClue it is said that there is none", hands):
        hands.open()
        hands.tap("My position")
        hands.window.find("label", hands.exactly("This tablet has no positioning service."))
        wait_until_told(desk, "unknown")
    with check.point("it comes, and the map shows where the tablet is, and how well that is known", hands):
        desk.stand(**place, heading=90.0, speed=3.0)
        desk.start_geoclue()
        hands.window.find("image", mine + re.escape(hands.say("Known, %s.").replace("%s", within)))
        known = wait_until_told(desk, "here")
        if (known["accuracy_m"], known["heading"], known["speed_cm_s"]) != (12, 90, 300) \
                or abs(known["lat_e7"] - place["latitude"] * 1e7) > 1:
            raise Failed(known)
    with check.point("how far it is to the ticket that is open beside the map", hands):
        if beside:
            hands.window.find("label", hands.exactly("%s from you, in a straight line").replace("%s", re.escape(
                hands.say("%d m").replace("%d", "400"))))
    with check.point("the map follows until it is dragged", hands):
        hands.tap("My position")
        hands.window.find(BUTTON, hands.exactly("Stop following my position"))
        x, y = desk.middle(hands.window.find(None, hands.exactly("Map of my tickets")))
        subprocess.run(["xdotool", "mousemove", str(x), str(y), "mousedown", "1", "mousemove", str(x + 40), str(y + 40),
                        "mousemove", str(x + 90), str(y + 90), "mouseup", "1"], check=True)
        hands.window.find(BUTTON, hands.exactly("My position"))
    with check.point("the crew is told who sees it, and pauses it", hands):
        hands.window.find("label", hands.beginning("Your supervisor sees where you are, until %s.")[:-len("%s\\.")])
        hands.tap("Pause sharing my position")
        hands.window.find("label", hands.exactly("Paused: your supervisor sees that, and not where you are."))
        if "lat_e7" in wait_until_told(desk, "paused"):
            raise Failed("a place beside the pause")
    with check.point("a crew sees no other", hands):
        if hands.window.all(BUTTON, hands.exactly("Where the crews are")):
            raise Failed("the list of crews is there")
        hands.close()


def supervise(desk, crew, boss, language, check):
    choose(boss, page="map", ticket="")
    hands, others = Hands(desk, boss, language), Hands(desk, crew, language)
    pause = re.escape(hands.say("paused"))
    with check.point("the supervisor sees that a crew has paused, and who has not been heard of", hands):
        hands.open()
        desk.click_at(hands.window.find(BUTTON, hands.exactly("Where the crews are")))
        hands.window.find("list item", f": {pause} ")
        hands.window.find("list item", f": {re.escape(hands.say('not heard of in this shift'))}$")
    with check.point("the pause has outlasted the window; it ends, and the supervisor sees where the crew is", others):
        others.open()
        others.tap("Share my position again")
        wait_until_told(desk, "here")
        others.close()
        within = hands.say("within %s").replace("%s", hands.say("%d m").replace("%d", "12"))
        hands.window.find("list item", f", {re.escape(within)}$")
    with check.point("after the shift nobody is seen", hands):
        shift(desk, "sun-sat 00:00-00:01")
        hands.window.find("list item", f": {re.escape(hands.say('off shift'))}$")
        hands.window.gone("list item", f": {pause} ")
        hands.close()
        shift(desk, "sun-sat 00:00-24:00")


def refuse(desk, crew, place, language, check):
    choose(crew, page="map", ticket="")
    hands = Hands(desk, crew, language)
    refused = hands.beginning("The tablet’s own settings do not let this program know where it is.")
    with check.point("a program that may not ask says so, and where it was last known", hands):
        desk.stand(**place, deny=True)
        hands.open()
        desk.press("ctrl+comma")
        last = re.escape(hands.say("Last known %s, %s.").split("%s")[0])
        hands.window.find("label", f"{refused} {last}")
        desk.press_until_gone("Escape", "the preferences", lambda: desk.has_window(hands.say("Preferences")))
        hands.close()
    with check.point("a leave that is taken back is told, and that it is given again", hands):
        desk.stand(**place, active=False)
        hands.open()
        desk.press("ctrl+comma")
        hands.window.find("label", refused)
        desk.stand(**place)
        hands.window.find("label", hands.beginning("Known, %s.")[:-len("%s\\.")])
        wait_for("the position to be kept", lambda: kept(crew))
    with check.point("switched off, nothing of it is left on the tablet, and it stays so", hands):
        hands.window.click("toggle button|check box|switch", hands.exactly("Know where this tablet is"))
        hands.window.find("label", hands.exactly("Switched off: this tablet does not look where it is."))
        wait_until_told(desk, "unknown")
        wait_for("the position to be forgotten", lambda: not kept(crew))
        desk.press_until_gone("Escape", "the preferences", lambda: desk.has_window(hands.say("Preferences")))
        hands.close()
        hands.open()
        hands.tap("My position")
        hands.window.find("label", hands.exactly("Switched off: this tablet does not look where it is."))
        hands.close()
    with check.point("GeoClue was asked by the program's own name, for the best there is, and let go", hands):
        with open(desk.place + ".log", encoding="utf-8") as log:
            asked = log.read().splitlines()
        if "start org.shetach.Shetach 8" not in asked or asked[-1] != "stop":
            raise Failed(asked)


def leave_nothing(desk, crew, boss, language, check):
    choose(crew, page="map", ticket="", position="")
    choose(boss, page="map", ticket="")
    worker, supervisor = Hands(desk, crew, language), Hands(desk, boss, language)

    with sqlite3.connect(os.path.join(crew, "store.db")) as db:
        (service,) = db.execute("SELECT doc FROM entity WHERE type = 'service' AND id = 'road-hole'").fetchone()
    hole = json.loads(service)["names"][language]

    def begins(words):
        return f"^{re.escape(worker.say(words).split('%s')[0])}"

    def follow():
        worker.go_to("Map")
        worker.tap("My position")
        worker.window.find(BUTTON, worker.exactly("Stop following my position"))
        worker.go_to("Report")
        worker.window.find("label", begins("Where you are, %s. If it is elsewhere, drag the map."))
        # What was seen here stays here, whoever drives on.
        worker.window.click(BUTTON, f"^{hole}$")
        worker.window.find("label", begins("Where you were when you began, %s. If it is elsewhere, drag the map."))

    def see():
        desk.click_at(supervisor.window.find(BUTTON, supervisor.exactly("Where the crews are")))
        supervisor.window.find("list item", ": .")
        desk.press("Escape")

    with check.point("a report begins where the tablet is, and whatever was made for the map is let go with it", worker):
        worker.leaks_nothing(follow)
    with check.point("and so is what a supervisor's map shows of crews", supervisor):
        supervisor.leaks_nothing(see)


def main(build, language, size):
    check = tap.Tap()
    desk = Desk(build, *map(int, size.split("x")))
    try:
        desk.make_town()
        shift(desk, "sun-sat 00:00-24:00")
        desk.make_system_bus()
        desk.serve()
        crew, boss = desk.make_store(), desk.make_store("--supervisor", "roads")
        ticket, place = near(crew, 400)
        find_oneself(desk, crew, ticket, place, language, check)
        supervise(desk, crew, boss, language, check)
        refuse(desk, crew, place, language, check)
        leave_nothing(desk, crew, boss, language, check)
    finally:
        desk.close()
    check.end()


main(*sys.argv[1:])
