#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test-sending.py BUILD he|en WIDTHxHEIGHT: how far a photo and all photos are, seen while they go over a slow link."""

import json
import os
import re
import subprocess
import sys

import tap

tap.need("Xvfb", "dbus-daemon", "xdotool", "gdbus", "convert")
try:
    from hands import Hands
    from harness import Desk, Failed, choose, point_at, wait_for
except (ImportError, ValueError) as missing:
    tap.skip(missing)
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../faults"))
sys.dont_write_bytecode = True
import proxy  # noqa: E402

SLOW_BYTES_S = 10_000
PHOTOS = 2


def attach(desk, store, ticket, n):
    """A photo with so much in it that a slow link has something to do."""
    path = os.path.join(desk.folder, f"large-{n}.png")
    subprocess.run(["convert", "-seed", str(n), "-size", "1000x750", "plasma:", "-attenuate", "0.6", "+noise", "Gaussian", path],
                   check=True)
    desk.run("shetachctl", "--store", store, "photo", ticket, path, "--role", "before")


def bars(hands):
    return hands.window.all("progress bar")


def value(node):
    return node.get_value_iface().get_current_value()


def try_link(link, hands, check):
    with check.point("a photo's tile shows how far it is", hands):
        hands.open()
        bar = wait_for("the tile's bar", lambda: bars(hands))[0]
        first = value(bar)
        wait_for("it to grow", lambda: bars(hands) and value(bars(hands)[0]) > first)
        if len(bars(hands)) > 1:
            raise Failed("more than one photo is under way")
    with check.point("the Sync page tells how much of all is sent", hands):
        hands.go_to("Sync")
        said = re.escape(hands.say("%s of %s of photos sent")).replace("%s", ".+")
        bar = hands.window.find("progress bar", f"^{said}$")
        if not 0 <= value(bar) < 1:
            raise Failed(f"the bar stands at {value(bar)}")
    with check.point("it goes when all is sent", hands):
        link.rate = None
        wait_for("no bar", lambda: not bars(hands))
        hands.window.find("label", hands.exactly("Everything is with the hub"))
        hands.close()


def main(build, language, size):
    check = tap.Tap()
    desk = Desk(build, *map(int, size.split("x")))
    try:
        store = desk.make_store()
        ticket = json.loads(desk.run("shetachctl", "--store", store, "list", "--json", "--status", "assigned"))[0]
        for n in range(PHOTOS):
            attach(desk, store, ticket["id"], n)
        link = proxy.Link(rate=SLOW_BYTES_S)
        between = proxy.Proxy(int(desk.url.rsplit(":", 1)[1]), link)
        point_at(store, between.url)
        choose(store, ticket=ticket["id"])
        try_link(link, Hands(desk, store, language), check)
        between.close()
    finally:
        desk.close()
    check.end()


main(*sys.argv[1:])
