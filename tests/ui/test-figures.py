#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test-figures.py BUILD he|en WIDTHxHEIGHT: how a crew does, and the league, in the window.

What is shown is what the hub counts at its own command line; those who rose stand first; nobody is named."""

import json
import os
import re
import sqlite3
import sys

import tap

tap.need("Xvfb", "dbus-daemon", "xdotool", "gdbus")
try:
    from hands import Hands
    from harness import Failed, Desk, choose
except (ImportError, ValueError) as missing:
    tap.skip(missing)


def share(pair):
    if pair is None:
        return "–"
    hundredths = pair[0] * 10000 // pair[1] if pair[1] else 0
    percent = 100 if hundredths >= 10000 else min((hundredths + 50) // 100, 99)
    return f"{percent}%" if pair[1] else "–"


def change(hands, row):
    """By how many points, in the words that a row tells it by."""
    (kept, judged), (before, judged_before) = row.get("on_time", (0, 0)), row.get("on_time_before", (0, 0))
    if not judged or not judged_before:
        return None
    # rounded away from nought, as by lround()
    hundredths = kept * 10000 // judged - before * 10000 // judged_before
    points = (abs(hundredths) + 50) // 100 * (1 if hundredths > 0 else -1)
    if points == 0:
        return hands.say("as in the week before")
    way = "up" if points > 0 else "down"
    one, many = f"{way} by one point since the week before", f"{way} by %d points since the week before"
    said = hands.say.own.ngettext(one, many, abs(points)) if hands.say.own else one if abs(points) == 1 else many
    return said.replace("%d", str(abs(points)))


def counted(desk, by):
    return json.loads(desk.run("shetach-hub", "figures", "--json", "--by", by, "--data", desk.hub_data))["groups"]


def names(store, kind, language):
    with sqlite3.connect(os.path.join(store, "store.db")) as db:
        docs = [json.loads(row[0]) for row in db.execute("SELECT doc FROM entity WHERE type = ?", (kind,))]
    return {doc["id"]: doc.get("names", {}).get(language, doc["name"]) for doc in docs}


def main(build, language, size):
    check = tap.Tap()
    desk = Desk(build, *map(int, size.split("x")))
    desk.town = ()  # with something to be counted in the last seven days
    try:
        store = desk.make_store()
        choose(store, page="figures", ticket="")
        hands = Hands(desk, store, language)
        with check.point("a crew's own figures are those that the hub counts", hands):
            hands.open()
            (own,) = [row for row in counted(desk, "crew") if row.get("id") == "roads-1"]
            tiles = [("on time", None, share(own.get("on_time"))), ("open", "figure", own["open"]),
                     ("late", "figure", own["late"]), ("opened", "figure", own["opened"]),
                     ("closed", "figure", own["closed"]), ("reopened", "figure", own["reopened"]),
                     ("done the first time", None, share(own.get("first_time")))]
            hands.window.find("label", hands.exactly("on time"))
            labels = [node.name for node in hands.window.all("label")]
            for what, context, value in tiles:
                said = labels[labels.index(hands.say(what, context)) - 1]
                if said != str(value):
                    raise Failed(f"{what}: {said} is not {value}")
        with check.point("the league stands as the hub counts it, those who rose first", hands):
            shown = [node.name for node in hands.window.all("label")]
            for kind in ("department", "crew"):
                called = names(store, kind, language)
                wanted = [called[row["id"]] for row in counted(desk, kind) if "id" in row]
                us = hands.say("%s – that is us").replace("%s", "")
                found = [name.replace(us, "") for name in shown if name.replace(us, "") in called.values()]
                # one's own crew is told above its figures too
                if found[-len(wanted):] != wanted:
                    raise Failed(f"{found} is not {wanted}")
                for row in counted(desk, kind):
                    if "id" in row and change(hands, row) not in (None, *shown):
                        raise Failed(f"{row['id']}: {change(hands, row)} is not among {shown}")
        with check.point("nobody is named", hands):
            people = [name for name in names(store, "person", language).values()
                      for said in shown if re.search(rf"\b{re.escape(name)}\b", said)]
            if people:
                raise Failed(people)
            hands.close()
    finally:
        desk.close()
    check.end()


main(*sys.argv[1:])
