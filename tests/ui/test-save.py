#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test-save.py BUILD he|en WIDTHxHEIGHT: what waits is saved to USB in the window and taken in at the hub; a copied
store is told in plain words until it was seen."""

import glob
import json
import os
import re
import shutil
import sys

import tap

tap.need("Xvfb", "dbus-daemon", "xdotool", "gdbus")
try:
    from hands import BUTTON, Hands
    from harness import Desk, Failed, choose, wait_for
except (ImportError, ValueError) as missing:
    tap.skip(missing)

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "data", "sample"))
sys.dont_write_bytecode = True
import photo as sample_photo  # noqa: E402

NOTE = "חסמנו את הנתיב"


def equal(left, right, what):
    if left != right:
        raise Failed(f"{what}: {left!r} is not {right!r}")


def work(desk, store):
    """A note and a photo on one of the crew's tickets."""
    ticket = json.loads(desk.run("shetachctl", "--store", store, "list", "--json", "--status", "assigned"))[0]["id"]
    path = os.path.join(desk.folder, "hole.jpg")
    with open(path, "wb") as file:
        file.write(sample_photo.make(5))
    desk.run("shetachctl", "--store", store, "note", ticket, NOTE)
    desk.run("shetachctl", "--store", store, "photo", ticket, path)
    return ticket


def save(desk, check, hands, ticket):
    stick = os.path.join(desk.folder, "stick")
    os.mkdir(stick)
    with check.point("Sync offers to save what waits", hands):
        hands.open()
        hands.go_to("Sync")
        hands.window.find("label", hands.beginning("If there is no connection with the hub, save what waits and bring it to the "
                                                   "office. It also stays on this tablet."))
    with check.point("saved, it says what is safe now", hands):
        hands.tap("Save to USB")
        hands.choose_file("Folder to save in", stick)
        told = hands.window.find("label", f"^{re.escape(hands.say('Saved in “%s”: %s.').split('%s')[0])}stick")
        safe = hands.say("They are safe there now. Bring it to the office; they also stay on this tablet, and nothing is "
                         "done twice.")
        if safe not in told.get_name():
            raise Failed(f"“{told.get_name()}” does not say “{safe}”")
    with check.point("the hub takes the file in, once", hands):
        files = glob.glob(os.path.join(stick, "*"))
        equal(len(files), 1, "files on the stick")
        desk.run("shetach-hub", "rescue", files[0], "--data", desk.hub_data)
        desk.run("shetach-hub", "rescue", files[0], "--data", desk.hub_data)
        there = json.loads(desk.run("shetach-hub", "ticket", ticket, "--json", "--data", desk.hub_data))
        equal([event["data"]["text"] for event in there["events"] if event["kind"] == "note"].count(NOTE), 1, "notes")
        equal([photo["state"] for photo in there["photos"]], ["confirmed"], "photos")
    with check.point("a place where nothing can be written is said in words", hands):
        hands.tap("Save to USB")
        hands.choose_file("Folder to save in", "/proc/self")
        hands.window.find("label", f"^({hands.exactly('Not saved: nothing can be written there. Everything is kept on this tablet.')[1:-1]}"
                                   f"|{hands.beginning('Not saved: something went wrong there. Everything is kept on this tablet; please try again or another place.')[1:]})")
        equal(len(json.loads(desk.run("shetachctl", "--store", hands.store, "outbox", "--json"))), 3, "what waits")
        hands.close()


def copied(desk, language, check, store):
    shutil.copytree(store, store + "-copy")
    hands = Hands(desk, store + "-copy", language)
    told = "The data on this tablet was copied or moved"
    with check.point("a copied store is told in plain words", hands):
        hands.open()
        hands.go_to("Sync")
        hands.window.find("label", hands.exactly(told))
    with check.point("seen, it is gone for good", hands):
        hands.tap("Seen")
        hands.window.gone("label", hands.exactly(told))
        hands.close()
        hands.open()
        hands.go_to("Sync")
        hands.window.find(BUTTON, hands.exactly("Save to USB"))
        equal(hands.window.all("label", hands.exactly(told)), [], "the card")
        hands.close()


def main(build, language, size):
    check = tap.Tap()
    desk = Desk(build, *map(int, size.split("x")))
    try:
        store = desk.make_store()
        desk.stop_hub()
        ticket = work(desk, store)
        choose(store, page="work", ticket="")
        save(desk, check, Hands(desk, store, language), ticket)
        copied(desk, language, check, store)
    finally:
        desk.close()
    check.end()


main(*sys.argv[1:])
