#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test-real-photos.py BUILD he|en WIDTHxHEIGHT: the photos of real cameras as the gallery shows them, upright, looked
at on the screen pixel by pixel."""

import hashlib
import json
import os
import re
import subprocess
import sys

import tap

tap.need("Xvfb", "dbus-daemon", "xdotool", "gdbus", "convert", "import")
if not os.environ.get("SHETACH_REAL_DATA"):
    tap.skip("SHETACH_REAL_DATA is not set")
try:
    from hands import BUTTON, Hands
    from harness import Desk, Failed, choose, wait_for
    from gi.repository import Atspi  # in the version that the harness asked for
except (ImportError, ValueError) as missing:
    tap.skip(missing)

REAL = os.path.join(os.environ["SHETACH_REAL_DATA"], "photos")
LANDSCAPES = [f"landscape_{i}.jpg" for i in range(1, 9)]
# Time in UTC, latitude, longitude; a camera without a zone counts as one in the tablet's.
KNOWN = {
    "Canon_40D.jpg": ("2008-05-30T12:56:01Z", None, None),
    "DSCN0010.jpg": ("2008-10-22T14:28:39Z", 43.467, 11.885),
    "DSCN0012.jpg": ("2008-10-22T14:29:49Z", 43.467, 11.885),
    "DSCN0021.jpg": ("2008-10-22T14:38:20Z", 43.467, 11.885),
    "HMD_Nokia_8.3_5G.jpg": ("2022-08-14T11:12:31Z", 60.147, 24.907),
    "jolla.jpg": ("2014-09-21T13:00:56Z", None, None),
}
NAMES = [*KNOWN, *LANDSCAPES]
SHAPE = (600, 450)
# The eight landscapes are one picture, but for the number in its middle; a colour profile makes all but the first
# darker by 13 levels of 255. What one is brighter throughout is taken out before they are compared. Levels in the
# mean and of the 99th of 100 values: JPEG makes 6 and 19 between the first and the others, and 3 and 11 among these;
# one pixel's shift makes 15 and 96, a mirrored one 47 and 190.
TO_FIRST = (9, 30)
TO_SECOND = (5, 18)
MIRRORED = 30
# From ImageMagick's own decoding and scaling of the same file, levels in the mean.
TO_FILE = 6
SMALLER = 6
# Of the picture, around its middle: where the numbers stand.
NUMBER = (0.38, 0.62, 0.28, 0.74)


def convert(*argv):
    """An image as its bytes of red, green and blue."""
    return subprocess.run(["convert", *argv, "-depth", "8", "rgb:-"], check=True, stdout=subprocess.PIPE).stdout


def differences(left, right, size, masked=False):
    """Levels by which two images differ, sorted, less what one of them is brighter in a colour throughout."""
    width, height = size
    x0, x1, y0, y1 = (int(part * side) for part, side in zip(NUMBER, (width, width, height, height)))
    found = []
    for colour in range(3):
        a, b = bytearray(left[colour::3]), bytearray(right[colour::3])
        if masked:
            for y in reversed(range(y0, y1)):
                del a[y * width + x0:y * width + x1]
                del b[y * width + x0:y * width + x1]
        brighter = (sum(b) - sum(a)) / len(a)
        found += [abs(x + brighter - y) for x, y in zip(a, b)]
    return sorted(found)


def mean(values):
    return sum(values) / len(values)


def turned(image, size, flip, flop):
    """An image upside down, or left to right, or both."""
    options = [*(["-flip"] if flip else []), *(["-flop"] if flop else [])]
    return subprocess.run(["convert", "-depth", "8", "-size", "{}x{}".format(*size), "rgb:-", *options, "rgb:-"],
                          check=True, input=image, stdout=subprocess.PIPE).stdout


def sha256(name):
    with open(os.path.join(REAL, name), "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def photos(desk, store, ticket):
    return json.loads(desk.run("shetachctl", "--store", store, "show", ticket, "--json"))["photos"]


def take_in(desk, store, ticket):
    for name in NAMES:
        desk.run("shetachctl", "--store", store, "photo", ticket, os.path.join(REAL, name), "--role", "before")
    return {photo["source_sha256"]: photo for photo in photos(desk, store, ticket)}


def check_known(ticket, photo, known):
    """Time and place, and whether the camera or the tablet knew them."""
    taken, lat, lon = known if known else (None, None, None)
    if (photo["taken_from"], photo["position_from"]) != ("exif" if taken else "clock", "exif" if lat else "ticket"):
        raise Failed(f"time and place are from {photo['taken_from']} and {photo['position_from']}")
    if taken and photo["taken_at"] != taken:
        raise Failed(f"taken at {photo['taken_at']}, not {taken}")
    lat, lon = (lat, lon) if lat else (ticket["lat"], ticket["lon"])
    if abs(photo["lat"] - lat) > 0.001 or abs(photo["lon"] - lon) > 0.001:
        raise Failed(f"taken at {photo['lat']}, {photo['lon']}")


class Gallery:
    """The viewer, and what stands in it."""

    def __init__(self, desk, hands):
        self.desk, self.hands = desk, hands
        self.canvas = hands.window.find("image", hands.beginning("Photo before"))
        self.edge = self.shadow(desk, hands)
        self.shot = os.path.join(desk.folder, "shot.png")

    @staticmethod
    def shadow(desk, hands):
        """How wide the shadow is that GTK draws around a window: it is no part of what the tree tells."""
        frame = hands.window.all("frame")[-1]
        told = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", f"^{re.escape(frame.get_name())}$",
                               "getwindowgeometry", "--shell"], check=True, stdout=subprocess.PIPE, text=True).stdout
        inside = frame.get_component_iface().get_extents(Atspi.CoordType.WINDOW)
        return (int(re.search(r"WIDTH=(\d+)", told).group(1)) - inside.width) // 2

    def rectangle(self, width, height):
        """Where a photo of that shape stands: all of it in the middle of the canvas."""
        room = self.canvas.get_component_iface().get_extents(Atspi.CoordType.WINDOW)
        scale = min(room.width / width, room.height / height)
        size = int(width * scale), int(height * scale)
        left, top = room.x + (room.width - size[0]) // 2, room.y + (room.height - size[1]) // 2
        return size, (self.edge + left, self.edge + top)

    def find(self, name, photo):
        """What the screen shows in that rectangle, once it is that file's picture."""
        size, (x, y) = self.rectangle(photo["width"], photo["height"])
        area = "{}x{}+{}+{}".format(*size, x, y)
        # Each scales in a way of its own, and to parts of a pixel: what is compared with a file is small.
        small = size[0] // SMALLER, size[1] // SMALLER
        shrunk = ["-resize", "{}x{}!".format(*small)]
        wanted = convert(os.path.join(REAL, name), "-auto-orient", *shrunk)

        def is_shown():
            self.desk.screenshot(self.shot)
            away = mean(differences(convert(self.shot, "-crop", area, "+repage", *shrunk), wanted, small))
            self.least = min(away, self.least)
            return away < TO_FILE

        self.least = 255
        try:
            wait_for(f"{name} on the screen", is_shown, 30)
        except Failed as failed:
            raise Failed(f"{failed}: {self.least:.1f} levels away") from None
        return size, convert(self.shot, "-crop", area, "+repage")

    def go_on(self):
        self.desk.press("Left" if self.hands.language == "he" else "Right")


def look(desk, hands, store, ticket, taken, check):
    shown = {}
    with check.point("each is seen as an independent decoder sees it", hands):
        hands.open()
        # So many are not on the page: they have a grid of their own.
        hands.window.click(BUTTON, hands.counted("All %u photo", "All %u photos", len(NAMES)))
        # What the page behind shows of them is in the tree as well.
        grid = hands.window.find("table", f"^{re.escape(hands.say('Photos before the work'))} · {len(NAMES)}$")
        hands.window.all(BUTTON, f"{hands.beginning('Photo before')}, ", top=grid)[0].get_action_iface().do_action(0)
        hands.window.find(BUTTON, hands.exactly("Write the caption"))
        gallery = Gallery(desk, hands)
        desk.point_at(gallery.canvas)
        by_source = {sha256(name): name for name in NAMES}
        order = [by_source[photo["source_sha256"]] for photo in photos(desk, store, ticket)]
        title = re.escape(hands.say("Photo %u of %u")).replace("%u", "{}")
        for i, name in enumerate(order):
            hands.window.find("label", "^" + title.format(i + 1, len(order)) + "$")
            shown[name] = gallery.find(name, taken[sha256(name)])
            gallery.go_on()
    first = shown["landscape_1.jpg"]
    for name in LANDSCAPES[1:]:
        with check.point(f"{name} is upright: landscape_1 pixel by pixel"):
            size, image = shown[name]
            if size != first[0]:
                raise Failed(f"{size}, not {first[0]}")
            others = [("landscape_1", first[1], TO_FIRST)]
            if name != "landscape_2.jpg":
                others.append(("landscape_2", shown["landscape_2.jpg"][1], TO_SECOND))
            for other, reference, (most, most_99) in others:
                found = differences(reference, image, size, masked=True)
                check.tell(f"{name} to {other}: {mean(found):.2f} in the mean, {found[len(found) * 99 // 100]:.0f} the "
                           f"99th of 100, {found[-1]:.0f} at most")
                if mean(found) > most or found[len(found) * 99 // 100] > most_99:
                    raise Failed(f"it differs from {other}")
    with check.point("the measure tells a picture that is mirrored, upside down or both"):
        for flip, flop in (True, False), (False, True), (True, True):
            other = turned(first[1], first[0], flip, flop)
            found = differences(other, shown["landscape_2.jpg"][1], first[0], masked=True)
            if mean(found) < MIRRORED:
                raise Failed(f"flip {flip}, flop {flop}: only {mean(found):.1f}")


def main(build, language, size):
    check = tap.Tap()
    desk = Desk(build, *map(int, size.split("x")))
    try:
        store = desk.make_store()
        ticket = json.loads(desk.run("shetachctl", "--store", store, "list", "--json", "--status", "assigned"))[0]
        with check.point("all are taken in, with the time and place that the camera or the tablet knew"):
            taken = take_in(desk, store, ticket["id"])
            doc = json.loads(desk.run("shetachctl", "--store", store, "show", ticket["id"], "--json"))
            for name in NAMES:
                check_known(doc, taken[sha256(name)], KNOWN.get(name))
            for name in LANDSCAPES:
                if (taken[sha256(name)]["width"], taken[sha256(name)]["height"]) != SHAPE:
                    raise Failed(f"{name} has another shape")
        choose(store, page="work", ticket=ticket["id"])
        hands = Hands(desk, store, language)
        look(desk, hands, store, ticket["id"], taken, check)
        with check.point("the window closes well", hands):
            title = hands.say("Photo %u of %u").replace("%u", str(len(NAMES)))

            # The tree is left alone while the viewer goes: GTK 4.8 crashes when it is asked for the parent of what is
            # just being taken down.
            def is_gone():
                return not desk.has_window(title) or desk.press("Escape")

            wait_for("the viewer to go", is_gone)
            hands.window.settle()
            hands.close()
    finally:
        desk.close()
    check.end()


main(*sys.argv[1:])
