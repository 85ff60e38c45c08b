#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person hears who does not see the window: a real Orca reads each page's main action, and a ticket's state; its own log of
what it says is read. test-orca.py BUILD LANGUAGE WIDTHxHEIGHT"""

import os
import re
import sys
import time

import tap

tap.need("Xvfb", "dbus-daemon", "xdotool", "gdbus", "orca")
try:
    from hands import BUTTON, Hands
    from harness import Desk, Failed, choose, wait_for
    from gi.repository import Atspi
except (ImportError, ValueError) as missing:
    tap.skip(missing)

# A page's main action: the beginning of its name. Figures are there to be read.
MAIN = {"report": "Photo", "forum": "Something is in the way…", "sync": "Sync now", "map": "Show all my tickets"}
MOST_PRESSES = 60


class Listener:
    """Orca, which says nothing aloud, and what it would have said."""

    def __init__(self, desk):
        self.desk, self.log = desk, os.path.join(desk.folder, "orca.log")
        desk.start(os.path.join(os.path.dirname(os.path.abspath(__file__)), "orca-unbuffered.py"), f"--debug-file={self.log}", "--disable=braille,braille-monitor", "--enable=speech",
                   env={**os.environ, "HOME": desk.folder, "XDG_DATA_HOME": os.path.join(desk.folder, "data")},
                   stdout=open(os.devnull, "w"), stderr=open(os.path.join(desk.folder, "orca.stderr"), "w"))
        wait_for("Orca to begin", lambda: self.said())

    def said(self):
        if not os.path.exists(self.log):
            return []
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return [found.group(1) for found in re.finditer(r"SPEECH OUTPUT: '(.*?)'\s*\{", file.read(), re.DOTALL)]

    def reach(self, hands, find, what):
        """Tabs to a node, and waits until Orca has read it. Returns: what it said"""
        before = len(self.said())
        for _ in range(MOST_PRESSES):
            node = find()
            if node is not None and node.get_state_set().contains(Atspi.StateType.FOCUSED):
                break
            self.desk.press("Tab")
        else:
            raise Failed(f"{MOST_PRESSES} x Tab never came to {what}")
        # It may still be reading what was passed on the way.
        wait_for(f"Orca to read {what}", lambda: [one for one in self.said()[before:] if node_words(node) in one])
        return " | ".join(one for one in self.said()[before:] if one.strip() not in ("tab", "return"))


def node_words(node):
    return node.get_name().split(",")[0]


def first(nodes):
    return nodes[0] if nodes else None


def listen(desk, language, check):
    store = desk.make_store()
    listener = Listener(desk)
    hands = Hands(desk, store, language)

    def button(beginning, context=None):
        return lambda: first(hands.window.all(BUTTON, hands.beginning(beginning, context)))

    choose(store, page="work", ticket="")
    with check.point("a card tells its title and its state", hands):
        hands.open()
        desk.point_at(hands.window.find("frame"))
        wait_for("the cards", hands.cards)
        said = listener.reach(hands, lambda: first(hands.cards()), "the first card")
        check.tell(said)
        words = [hands.say(word, "status") for word in ("Assigned", "New", "In progress", "Waiting", "On the way")]
        if not any(word in said for word in words):
            raise Failed(f"no state in “{said}”")
    with check.point("a ticket's main action is read with the ticket's state", hands):
        hands.open_first("Assigned")
        desk.point_at(hands.window.find("frame"))
        said = listener.reach(hands, button("On my way"), "the main action")
        check.tell(said)
        if hands.say("Assigned", "status") not in said:
            raise Failed(f"no state in “{said}”")
    hands.close()
    for page, main in MAIN.items():
        with check.point(f"the page {page} tells its main action", hands):
            choose(store, page=page, ticket="")
            hands.open()
            desk.point_at(hands.window.find("frame"))
            check.tell(listener.reach(hands, button(main), main))
            hands.close()


def main(build, language, size):
    check = tap.Tap()
    desk = Desk(build, *map(int, size.split("x")))
    try:
        listen(desk, language, check)
    finally:
        desk.close()
    check.end()


main(*sys.argv[1:])
