#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test-camera.py BUILD he|en WIDTHxHEIGHT: photos are taken in the window, with a test picture of GStreamer's for a camera."""

import contextlib
import json
import os
import sys

import tap

tap.need("Xvfb", "dbus-daemon", "xdotool", "gdbus")
try:
    from hands import BUTTON, Hands
    from harness import Desk, Failed, choose, wait_for
except (ImportError, ValueError) as missing:
    tap.skip(missing)

# A dark cellar: what the camera sees never changes, and yet each tap is a photo.
CAMERA = ("videotestsrc is-live=true pattern=black ! "
          "capsfilter caps=\"video/x-raw,width=1920,height=1080,framerate=10/1\"")
BROKEN = "v4l2src device=/dev/no-camera"
SENSITIVE = 24  # of AT-SPI's states


def equal(left, right, what):
    if left != right:
        raise Failed(f"{what}: {left!r} is not {right!r}")


def read_ticket(desk, ticket):
    return json.loads(desk.run("shetach-hub", "ticket", ticket, "--json", "--data", desk.hub_data))


def shots(desk):
    folder = os.path.join(desk.folder, "run", "shetach-shots")
    return os.listdir(folder) if os.path.isdir(folder) else []


def ready(hands):
    """The shutter, once the camera gives a picture."""
    shutter = hands.window.find(BUTTON, hands.exactly("Take the photo"))
    wait_for("the live picture", lambda: shutter.get_state_set().contains(SENSITIVE))
    return shutter


def done(n, hands):
    """A pattern for the button that tells how many were taken."""
    return hands.counted("Done: %u photo", "Done: %u photos", n)


def several(desk, hands, check):
    with check.point("the camera opens where a photo is asked for", hands):
        hands.open()
        _, ticket = hands.open_first("Assigned")
        hands.tap("Add a photo before")
        ready(hands)
    with check.point("one is taken by a tap, two by the space bar", hands):
        hands.tap("Take the photo")
        hands.window.find(BUTTON, done(1, hands))
        desk.point_at(hands.window.find("frame"))
        for n in 2, 3:
            ready(hands)
            desk.press("space")
            hands.window.find(BUTTON, done(n, hands))
    with check.point("all of them are with the hub, as large as the camera sees", hands):
        hands.window.click(BUTTON, done(3, hands))
        hands.window.gone(BUTTON, hands.exactly("Take the photo"))
        wait_for("three photos at the hub", lambda: [photo["state"] for photo in read_ticket(desk, ticket)["photos"]]
                 == ["confirmed"] * 3)
        there = read_ticket(desk, ticket)["photos"]
        equal([(photo["role"], photo["width"], photo["height"], photo["taken_from"]) for photo in there],
              [("before", 1920, 1080, "clock")] * 3, "the photos")
        equal(len({photo["source_sha256"] for photo in there}), 3, "pictures")
        equal(shots(desk), [], "what lies outside of the store")


def ghost(hands, check):
    name = hands.exactly("Show the photo before over the camera\u2019s picture")
    picture = hands.exactly("Photo before")
    with check.point("the photo before is laid over the picture of the photo after, when that is asked for", hands):
        hands.tap("Add a photo after")
        ready(hands)
        toggle = hands.window.find(BUTTON, name)
        hands.window.gone("image", picture)
        toggle.get_action_iface().do_action(0)
        hands.window.find("image", picture)
        toggle.get_action_iface().do_action(0)
        hands.window.gone("image", picture)
        hands.tap("Close the camera")
    with check.point("the photo before has no ghost", hands):
        hands.tap("Add a photo before")
        ready(hands)
        hands.window.gone(BUTTON, name)
    with check.point("the ticket's way back leads from the camera to the ticket, and not away from it", hands):
        ticket = hands.open_ticket()
        hands.desk.click_at(hands.window.find(BUTTON, hands.exactly("Back")))
        hands.window.gone(BUTTON, hands.exactly("Take the photo"))
        hands.window.find(BUTTON, hands.exactly("Add a photo before"))
        equal(hands.open_ticket(), ticket, "the open ticket")


def films(hands):
    """Whether a thread of the camera's source runs in the window's program."""
    names = set()
    for task in os.listdir(f"/proc/{hands.process.pid}/task"):
        with contextlib.suppress(OSError), open(f"/proc/{hands.process.pid}/task/{task}/comm", encoding="utf-8") as file:
            names.add(file.read().strip())
    return any(name.startswith("videotestsrc") for name in names)


def one(desk, hands, check):
    with check.point("the camera stops when another page is looked at", hands):
        hands.go_to("Report")
        hands.tap("Photo")
        ready(hands)
        wait_for("the camera to run", lambda: films(hands))
        hands.go_to("Sync")
        wait_for("the camera to stop", lambda: not films(hands))
    with check.point("a report's photo is one tap more", hands):
        hands.go_to("Report")
        ready(hands)
        hands.tap("Take the photo")
        hands.window.find("label", hands.exactly("This photo goes with the report"))
        equal(shots(desk), [], "what lies outside of the store")
    with check.point("from the camera to the files, and back to the page", hands):
        hands.tap("Without it")
        hands.tap("Photo")
        ready(hands)
        hands.tap("From files")
        hands.window.find("label", hands.exactly("No photos here yet"))
        hands.tap("Without a photo")
        hands.window.find(BUTTON, hands.exactly("Photo"))
        hands.close()


def broken(desk, hands, check):
    with check.point("a camera that does not answer is said, and leads to the files", hands):
        os.environ["SHETACH_CAMERA"] = BROKEN
        hands.open()
        _, ticket = hands.open_first("Assigned")
        hands.tap("Add a photo after")
        hands.window.find("label", hands.exactly("The camera does not answer"))
        hands.tap("Choose a photo")
        hands.window.find("label", hands.exactly("No photos here yet"))
        hands.tap("Without a photo")
        hands.close()
    with check.point("where there is none, the files come at once", hands):
        del os.environ["SHETACH_CAMERA"]
        hands.open()
        hands.open_first("Assigned")
        hands.tap("Add a photo after")
        hands.window.find("label", hands.exactly("No photos here yet"))
        hands.close()


def main(build, language, size):
    check = tap.Tap()
    desk = Desk(build, *map(int, size.split("x")))
    try:
        os.environ["SHETACH_CAMERA"] = CAMERA
        store = desk.make_store()
        choose(store, page="work", ticket="")
        hands = Hands(desk, store, language)
        several(desk, hands, check)
        ghost(hands, check)
        one(desk, hands, check)
        choose(store, page="work", ticket="")
        broken(desk, hands, check)
    finally:
        desk.close()
    check.end()


main(*sys.argv[1:])
