#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test-enrol.py BUILD he|en WIDTHxHEIGHT: a tablet is connected by a code that its camera sees, as the hub makes it,
without a word typed; codes of others do nothing."""

import os
import re
import stat
import subprocess
import sys
import tempfile

import tap

tap.need("Xvfb", "dbus-daemon", "xdotool", "gdbus", "gst-launch-1.0")
try:
    from hands import BUTTON, Hands
    from harness import Desk, Failed, wait_for
except (ImportError, ValueError) as missing:
    tap.skip(missing)

# A sheet of paper before a camera: not straight, not all of the picture, and not sharp.
SEEN = ("filesrc location={} ! pngdec ! imagefreeze is-live=true ! videoconvert ! videoscale ! "
        "capsfilter caps=\"video/x-raw,width=420,height=420,framerate=10/1\" ! "
        "videobox top=-150 bottom=-150 left=-430 right=-430 fill=white ! videoconvert")


def paper(desk, *who):
    """A code as the office prints it."""
    path = os.path.join(desk.folder, "code.png")
    told = desk.run("shetach-hub", "enrol", "--data", desk.hub_data, *who, "--address", desk.url, "--qr-file", path)
    return path, told.strip()


def other_paper(desk):
    """A code that somebody else has printed: the words of a wireless network's."""
    path = os.path.join(desk.folder, "other.png")
    subprocess.run([os.path.join(desk.build, "tests/ui/code-tool"), "write", "WIFI:S:depot;T:WPA;P:secret;;", path], check=True)
    return path


def new_tablet(desk, language, path):
    os.environ["SHETACH_CAMERA"] = SEEN.format(path)
    hands = Hands(desk, tempfile.mkdtemp(prefix="new-", dir=desk.folder), language)
    hands.open()
    return hands


def others(desk, language, check):
    with check.point("a code of another kind is told to be one, and the page waits on"):
        hands = new_tablet(desk, language, other_paper(desk))
        hands.tap("Scan the code")
        hands.window.find("label", hands.exactly("This is another kind of code. The one from your supervisor connects this tablet."))
        hands.tap("Close the camera")
        hands.window.find("label", hands.exactly("Connect this tablet"))
        hands.kill()
    with check.point("a code that was used before is told in words, and can be typed over"):
        path, code = paper(desk, "--crew", "roads-1")
        desk.run("shetachctl", "--store", tempfile.mkdtemp(dir=desk.folder), "enrol", desk.url, code)
        hands = new_tablet(desk, language, path)
        hands.tap("Scan the code")
        hands.window.find("label", hands.exactly("The hub does not know this code, or it was used before. Ask for a new one."))
        hands.window.find(BUTTON, hands.exactly("Connect"))
        hands.close()
    with check.point("without a camera there is nothing to scan with"):
        del os.environ["SHETACH_CAMERA"]
        hands = Hands(desk, tempfile.mkdtemp(prefix="new-", dir=desk.folder), language)
        hands.open()
        hands.window.find(BUTTON, hands.exactly("Connect"))
        if hands.window.all(BUTTON, hands.exactly("Scan the code")):
            raise Failed("there is a button to scan with")
        hands.close()


def enrol(desk, language, check):
    with check.point("the hub's code is read, and the tablet connects by itself"):
        path, _ = paper(desk, "--crew", "roads-1")
        if stat.S_IMODE(os.stat(path).st_mode) != 0o600:
            raise Failed("others can read the picture of the code")
        hands = new_tablet(desk, language, path)
        hands.tap("Scan the code")
        hands.window.find("label", hands.exactly("Who is on the crew today?"))
        hands.tap("Rather not say")
        wait_for("the crew's tickets", lambda: len(hands.cards()) >= 4)
        hands.close()


def terminal(desk, check):
    with check.point("the same code stands in the terminal, light or dark"):
        told = desk.run("shetach-hub", "enrol", "--data", desk.hub_data, "--crew", "roads-1", "--qr", "--address", desk.url)
        lines = told.splitlines()
        if not re.fullmatch(r"[0-9A-Z]{5}-[0-9A-Z]{5}", lines[-1]):
            raise Failed(f"no code at its end: {lines[-1]}")
        modules = [line for pair in lines[:-1] for line in ([c in "▀█" for c in pair], [c in "▄█" for c in pair])]
        for what, paper, ink in ("light", 255, 0), ("dark", 0, 255):
            path = os.path.join(desk.folder, f"{what}-terminal.pgm")
            with open(path, "wb") as file:
                rows = [bytes(ink if dark else paper for dark in line for _ in range(8)) * 8 for line in modules]
                file.write(b"P5 %d %d 255\n" % (8 * len(modules[0]), 8 * len(modules)) + b"".join(rows))
            read = subprocess.run([os.path.join(desk.build, "tests/ui/code-tool"), "read", path], check=True, text=True,
                                  stdout=subprocess.PIPE).stdout
            if read != f"shetach:enrol?hub={desk.url}&code={lines[-1]}\n":
                raise Failed(f"the {what} terminal's code says {read}")


def main(build, language, size):
    check = tap.Tap()
    desk = Desk(build, *map(int, size.split("x")))
    try:
        desk.make_town()
        desk.serve()
        terminal(desk, check)
        enrol(desk, language, check)
        others(desk, language, check)
    finally:
        desk.close()
    check.end()


main(*sys.argv[1:])
