#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every page, in the states that scenes.py knows: each control has a role and a name, and is large enough for a glove; no text
is cut, and of those that may be shortened none is.

  test-touch.py BUILD LANGUAGE WIDTHxHEIGHT [PATTERN [SCALE]]"""

import contextlib
import os
import re
import signal
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import scenes
from gi.repository import GLib  # noqa: E402
from harness import Desk
from scene_stores import LONG

# In pixels, either way: what a glove hits.
LEAST = 48
CONTROLS = ("push button", "toggle button", "check box", "radio button", "combo box", "slider", "spin button", "link",
            "menu item", "check menu item", "radio menu item", "list item", "text", "password text", "entry")
FOCUSABLE, SENSITIVE = 11, 24
# What only differs by how much there is, or by its colours.
LEFT_OUT = re.compile(r"100000|-sun$|-1$|-12$")


def nameless(window, where):
    """What can be reached, and a screen reader has no name for."""
    nodes = window.walk()
    # What a row shows of its choice is a list inside of it.
    below = set()
    for node in nodes:
        if node.path in below or node.role in ("list item", "combo box"):
            below.update(window.tree.parts.get(node.path, ()))
    found = [node for node in nodes if node.role in CONTROLS and not (node.role == "list item" and node.path in below)]
    names, places = window.tree.names_of(found), window.tree.extents_of(found)
    for node, name, place in zip(found, names, places):
        if name or not window.has_size(place):
            continue
        with contextlib.suppress(GLib.Error):  # one that has just gone
            states = node.get_state_set()
            if SENSITIVE in states and FOCUSABLE in states:
                yield f"{where}: a {node.role} of {place.width}x{place.height} at {place.x},{place.y} has no name"


def out_of_reach(controls, where):
    for kind, style, x, y, width, height, keys, tooltip in controls:
        if not keys:
            yield f"{where}: {kind} ({style}) “{tooltip}” at {x},{y} takes no focus"
        if int(width) < LEAST or int(height) < LEAST:
            yield f"{where}: {kind} ({style}) “{tooltip}” is {width}x{height} at {x},{y}"


def unseen(texts, where):
    for what, text, place, within in texts:
        # What somebody wrote, of any length, may be told shorter, and so may what a card of a list tells: it is whole on its
        # page, or after a tap.
        if what == "shortened" and (LONG[:20] in text or "district-line" in within or " ticket-card." in within):
            continue
        yield f"{where}: {what}: “{text}” of {place}, in{within}"


def main():
    build, language, size = sys.argv[1:4]
    pattern = sys.argv[4] if len(sys.argv) > 4 else ""
    scale = int(sys.argv[5]) if len(sys.argv) > 5 else 100
    width, height = map(int, size.split("x"))
    desk = Desk(build, width, height)
    measures, cut = os.path.join(desk.folder, "measures"), os.path.join(desk.folder, "cut")
    said, seen = [], set()
    with contextlib.closing(desk):
        store = desk.make_store()
        layout = "landscape" if width > height else "portrait"
        for name, scene in scenes.SCENES.items():
            if LEFT_OUT.search(name) or layout not in scene.layouts or not re.search(pattern, name):
                continue
            copy = scenes.set_up(desk, name, store)
            with scenes.shown(desk, name, copy, language, scale, **scenes.probe(desk, measures, cut)) as hands:
                # kind, style, x, y, width, height, by keys, tooltip
                controls = scenes.ask(hands.process, measures, signal.SIGUSR1)
                print(f"# {name}: {len(controls)} controls", flush=True)
                for one in [*out_of_reach(controls, name), *nameless(hands.window, name),
                            *unseen(scenes.ask(hands.process, cut, signal.SIGUSR2), name)]:
                    # the same on another page is said once
                    if one.split(": ", 1)[1] not in seen:
                        seen.add(one.split(": ", 1)[1])
                        said.append(one)
                        print("#   " + one, flush=True)
    print("1..1")
    print(("not ok" if said else "ok") + f" 1 - all can be tapped and read, and is named, {language} {size} {scale} %")
    sys.exit(bool(said))


main()
