#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every page, in the states that scenes.py knows: each control has a role and a name, and is large enough for a glove.

  test-touch.py BUILD LANGUAGE WIDTHxHEIGHT [PATTERN]"""

import contextlib
import os
import re
import signal
import sqlite3
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import scenes
from gi.repository import GLib  # noqa: E402
from hands import OPTIONS
from harness import Desk, wait_for

SETTLE_S = 0.6

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


def measured(process, path):
    """All that can be tapped, as tests/ui/measure.c tells it: kind, style, x, y, width, height, by keys, tooltip."""
    with contextlib.suppress(FileNotFoundError):
        os.remove(path)
    process.send_signal(signal.SIGUSR1)
    wait_for("the measures", lambda: os.path.exists(path))
    with open(path, encoding="utf-8") as file:
        return [line.rstrip("\n").split("\t") for line in file]


def out_of_reach(controls, where):
    for kind, style, x, y, width, height, keys, tooltip in controls:
        if not keys:
            yield f"{where}: {kind} ({style}) “{tooltip}” at {x},{y} takes no focus"
        if int(width) < LEAST or int(height) < LEAST:
            yield f"{where}: {kind} ({style}) “{tooltip}” is {width}x{height} at {x},{y}"


def main():
    build, language, size = sys.argv[1:4]
    pattern = sys.argv[4] if len(sys.argv) > 4 else ""
    width, height = map(int, size.split("x"))
    desk = Desk(build, width, height)
    path = os.path.join(desk.folder, "measures")
    probe = {"SHETACH_MEASURE": path, "LD_PRELOAD": os.path.join(desk.build, "tests/ui/libmeasure.so"),
             "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0:detect_leaks=0"}
    said, seen = [], set()
    with contextlib.closing(desk):
        store = desk.make_store()
        with contextlib.closing(sqlite3.connect(os.path.join(store, "store.db"))) as db:
            ticket = db.execute("SELECT id FROM ticket WHERE open = 1 ORDER BY due_at LIMIT 1").fetchone()[0]
        layout = "landscape" if width > height else "portrait"
        for name, scene in scenes.SCENES.items():
            if scene.act is not None and language not in scenes.SCRIPTED:
                continue
            if LEFT_OUT.search(name) or layout not in scene.layouts or not re.search(pattern, name):
                continue
            copy = scenes.set_up(desk, name, store, ticket, "day")
            process, window = desk.open(copy, OPTIONS[language], env={**os.environ, **probe})
            time.sleep(SETTLE_S)
            if scene.act:
                scene.act(desk, window)
                time.sleep(SETTLE_S)
            controls = measured(process, path)
            print(f"# {name}: {len(controls)} controls", flush=True)
            for one in [*out_of_reach(controls, name), *nameless(window, name)]:
                # the same on another page is said once
                if one.split(": ", 1)[1] not in seen:
                    seen.add(one.split(": ", 1)[1])
                    said.append(one)
                    print("#   " + one, flush=True)
            desk.stop(process)
    print("1..1")
    print(("not ok" if said else "ok") + f" 1 - all can be tapped and are named, {language} {size}")
    sys.exit(bool(said))


main()
