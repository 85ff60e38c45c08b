#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test-route.py BUILD he|en WIDTHxHEIGHT: the day's route on the map, and a crew's hand on it, with no hub.

The list is what shetachctl says; a stop is brought forward and left to the program again; a navigation program is given the
place; the chosen ticket's sign is a button with a name."""

import json
import os
import re
import sys

import tap

tap.need("Xvfb", "dbus-daemon", "xdotool", "gdbus")
try:
    from hands import BUTTON, Hands
    from harness import Failed, Desk, choose, point_at, wait_for
except (ImportError, ValueError) as missing:
    tap.skip(missing)


def route(desk, store):
    return json.loads(desk.run("shetachctl", "--store", store, "route", "--json"))


def listed(window):
    """The stops that the list shows, in its order, each by what stands before the first full stop's rest."""
    found = [re.match(r"(\d+)\. ([^.]*)", node.name) for node in window.all("list item") if node.name]
    return [match.group(2) for match in found if match]


def told(stops):
    """What a row begins with: the title and the address, whose isolation marks are left out."""
    return [f"{one['title']} · {one['address']}" for one in stops]


def plain(names):
    return [re.sub("[\u2066-\u2069\u200e\u200f]", "", name) for name in names]


def navigation(desk):
    """A navigation program of the test's own, which keeps what it is given."""
    given = os.path.join(desk.folder, "given")
    program = os.path.join(desk.folder, "navigate")
    with open(program, "w", encoding="utf-8") as file:
        file.write(f'#!/bin/sh\nprintf %s "$1" > {given}.part && mv {given}.part {given}\n')
    os.chmod(program, 0o755)
    os.makedirs(os.path.join(desk.folder, "data", "applications"))
    with open(os.path.join(desk.folder, "data", "applications", "navigate.desktop"), "w", encoding="utf-8") as file:
        file.write(f"[Desktop Entry]\nType=Application\nName=Navigate\nExec={program} %u\nMimeType=x-scheme-handler/geo;\n")
    with open(os.path.join(desk.folder, "mimeapps.list"), "w", encoding="utf-8") as file:
        file.write("[Default Applications]\nx-scheme-handler/geo=navigate.desktop\n")
    return given


def position(desk, store, ticket):
    view = json.loads(desk.run("shetachctl", "--store", store, "show", ticket, "--json"))
    return view["lat"], view["lon"]


def main(build, language, size):
    check = tap.Tap()
    desk = Desk(build, *map(int, size.split("x")))
    os.environ["XDG_DATA_HOME"] = os.path.join(desk.folder, "data")
    try:
        store = desk.make_store()
        point_at(store, "http://127.0.0.1:9")
        choose(store, page="map", ticket="")
        hands = Hands(desk, store, language)
        given = navigation(desk)

        def stop(n):
            return hands.window.find("list item", rf"^{n}\. ")

        def stands_still():
            rows = hands.window.all("list item", r"^\d+\. ")
            before = [one.place() for one in rows]
            hands.window.settle()
            return before == [one.place() for one in rows]

        def press(n, text):
            """A button of one row: each has the same ones, seen where it is chosen."""
            def found():
                return hands.window.all(BUTTON, hands.exactly(text), stop(n))

            wait_for("the rows to stand still", stands_still)
            # in the middle of an open one there is a button
            if not found():
                desk.click_at(stop(n))
            wait_for(f"“{text}” of stop {n}", found)
            hands.window.settle()
            found()[0].get_action_iface().do_action(0)

        def shows(stops):
            wait_for("the route in this order", lambda: plain(listed(hands.window)) == told(stops))

        with check.point("the list is the route that the command line tells", hands):
            hands.open()
            hands.window.click("toggle button|push button", hands.exactly("Today's route"))
            before = route(desk, store)["stops"]
            if len(before) < 4:
                raise Failed(f"the sample has only {len(before)} stops")
            shows(before)
        with check.point("a chosen stop is a button on the map, with its name", hands):
            desk.click_at(stop(2))
            # its name is the ticket's: number, title, address
            hands.window.find(BUTTON, f"^{re.escape(before[1]['number'])} ")
        with check.point("a stop is brought forward and stays there", hands):
            press(2, "Earlier")
            wait_for("the order to be kept", lambda: route(desk, store)["placed"])
            after = route(desk, store)["stops"]
            if after[0]["id"] != before[1]["id"] or {one["id"] for one in after} != {one["id"] for one in before}:
                raise Failed(f"{told(after)} after {told(before)}")
            shows(after)
        with check.point("left to the program again, it is as before", hands):
            hands.tap("Suggest an order anew")
            shows(before)
        with check.point("a navigation program is given the place", hands):
            press(3, "Navigate")
            wait_for("the navigation program", lambda: os.path.exists(given))
            with open(given, encoding="utf-8") as file:
                lat, lon = map(float, file.read().removeprefix("geo:").split(","))
            wanted = position(desk, store, before[2]["id"])
            if abs(lat - wanted[0]) > 1e-6 or abs(lon - wanted[1]) > 1e-6:
                raise Failed(f"{lat}, {lon} is not {wanted}")
        with check.point("a stop opens its ticket; what is done leaves the route", hands):
            press(3, "Open")
            hands.window.find("label", f"^{re.escape(before[2]['number'])}$")
            desk.run("shetachctl", "--store", store, "status", before[2]["id"], "waiting", "--waiting-for", "parts")
            hands.go_to("Map")
            rest = route(desk, store)["stops"]
            if len(rest) != len(before) - 1:
                raise Failed(f"{len(rest)} stops")
            if not hands.window.all("list item", r"^1\. "):
                hands.window.click("toggle button|push button", hands.exactly("Today's route"))
            shows(rest)
            hands.close()
    finally:
        desk.close()
    check.end()


main(*sys.argv[1:])
