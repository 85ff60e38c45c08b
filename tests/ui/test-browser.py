#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test-browser.py APP_RUN BUILD: the window that app/run serves where there is no display, in a real browser.

Broadway has no accessibility tree: what is drawn is read from the page's elements and its picture, and that a
tap was understood from what the window keeps for its next start."""

import base64
import configparser
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import urllib.request

import tap

tap.need("gtk4-broadwayd", "chromium", "chromedriver")
try:
    import gi
    gi.require_version("GdkPixbuf", "2.0")
    from gi.repository import GdkPixbuf
    from harness import Failed, read_line, wait_for
except (ImportError, ValueError) as missing:
    tap.skip(missing)

BROWSER = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
           "--disable-background-networking", "--disable-component-update", "--disable-sync",
           "--disable-dev-shm-usage", "--window-size=1280,900"]
# The page of a bare broadway server has three elements; a window of ours has hundreds.
DRAWN_ELEMENTS = 50
# In the middle of My work's first two cards and of the rail's third page, in a left-to-right language.
CARDS = ((360, 200), (360, 325))
REPORT = (58, 215)
# From a card's middle to above its words; and all that is darker than a card's shadow, as the lines beside the list are.
ABOVE_WORDS = 43
LINE = 225
# Of the question at the start of a shift: its second button.
RATHER_NOT_SAY = (640, 613)
LARGEST = """let rects = [...document.querySelectorAll('body > div, body > canvas')].map(e => e.getBoundingClientRect());
rects.sort((a, b) => b.width * b.height - a.width * a.height);
return rects.length ? [rects[0].x, rects[0].y, rects[0].width, rects[0].height] : null;"""


class Browser:
    """A headless browser, by its WebDriver."""

    def __init__(self, folder):
        self.driver = subprocess.Popen(["chromedriver", "--port=0"], text=True, stdout=subprocess.PIPE,
                                       stderr=subprocess.STDOUT, env={**os.environ, "HOME": folder})
        port = read_line(self.driver, r"started successfully on port (\d+)").group(1)
        self.base = f"http://127.0.0.1:{port}/session"
        options = {"binary": "/usr/bin/chromium", "args": [*BROWSER, f"--user-data-dir={folder}/profile"]}
        told = self.ask("POST", "", {"capabilities": {"alwaysMatch": {"goog:chromeOptions": options}}})
        self.base += "/" + told["sessionId"]

    def ask(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, {"Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.load(answer)["value"]

    def run(self, script):
        return self.ask("POST", "/execute/sync", {"script": script, "args": []})

    def picture(self):
        return base64.b64decode(self.ask("GET", "/screenshot"))

    def tap(self, x, y):
        press = [{"type": "pointerMove", "duration": 0, "x": x, "y": y}, {"type": "pointerDown", "button": 0},
                 {"type": "pointerUp", "button": 0}]
        self.ask("POST", "/actions", {"actions": [{"type": "pointer", "id": "hand", "actions": press}]})

    def close(self):
        try:
            self.ask("DELETE", "")
        finally:
            self.driver.terminate()
            self.driver.wait(20)
            self.driver.stdout.close()


def kept(folder, key):
    file = configparser.ConfigParser()
    file.read(os.path.join(folder, "shetach-sample", "crew", "window.ini"))
    return file.get("window", key, fallback="")


def room_beside_card(picture, x, y):
    """The pixels left free at both sides of the card whose white is at that place, if one is."""
    loader = GdkPixbuf.PixbufLoader()
    loader.write(picture)
    loader.close()
    image = loader.get_pixbuf()
    pixels, at = image.get_pixels(), y * image.get_rowstride()
    row = [min(pixels[i:i + 3]) for i in range(at, at + image.get_width() * image.get_n_channels(),
                                               image.get_n_channels())]
    if row[x] != 255:
        return None
    free = []
    for step in (-1, 1):
        edge = x
        while row[edge] == 255:
            edge += step
        line = edge
        while row[line] >= LINE:
            line += step
        free.append(abs(line - edge))
    return free


def try_window(check, folder, url):
    browser = Browser(folder)
    try:
        with check.point("the window is drawn in a browser"):
            browser.ask("POST", "/url", {"url": url})
            wait_for("the window's elements", lambda: browser.run(
                "return document.getElementsByTagName('*').length") > DRAWN_ELEMENTS, 60)
            place = wait_for("the window's place", lambda: browser.run(LARGEST), 60)
            check.tell(f"the window stands at {place}")
        with check.point("it fills the browser's page"):
            room = browser.run("return [0, 0, window.innerWidth, window.innerHeight]")
            wait_for("the whole page", lambda: browser.run(LARGEST) == room, 60)
        with check.point("a tap answers the question at the start of a shift"):
            before = browser.picture()
            browser.tap(*RATHER_NOT_SAY)
            wait_for("another picture", lambda: browser.picture() != before, 60)
        with check.point("a card stands in the middle of its list"):
            x, y = CARDS[0]
            free = wait_for("a card", lambda: room_beside_card(browser.picture(), x, y - ABOVE_WORDS), 60)
            if max(free) - min(free) > 2:
                raise Failed(f"free beside it: {free}")
        with check.point("a tap on a card opens its ticket"):
            if kept(folder, "ticket"):
                raise Failed("a ticket was open before")
            before = browser.picture()
            browser.tap(*CARDS[0])
            first = wait_for("the ticket to be kept", lambda: kept(folder, "ticket"), 60)
            wait_for("another picture", lambda: browser.picture() != before, 60)
        with check.point("a tap on the next card opens that one"):
            browser.tap(*CARDS[1])
            wait_for("another ticket to be kept", lambda: kept(folder, "ticket") not in ("", first), 60)
        with check.point("a tap on the rail opens its page"):
            browser.tap(*REPORT)
            wait_for("the page to be kept", lambda: kept(folder, "page") == "report", 60)
    finally:
        browser.close()


def main(app_run, build):
    check = tap.Tap()
    with tempfile.TemporaryDirectory(prefix="shetach-browser-") as folder:
        bare = {name: value for name, value in os.environ.items()
                if name not in ("DISPLAY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR", "GDK_BACKEND")}
        run = subprocess.Popen([app_run, "--english", "--build", build], text=True, stdout=subprocess.PIPE,
                               env={**bare, "XDG_DATA_HOME": folder, "XDG_CONFIG_HOME": folder,
                                    "LC_ALL": "C.UTF-8"})
        try:
            url = read_line(run, r"open (http://\S+)", 300).group(1)
            try_window(check, folder, url)
        finally:
            run.send_signal(signal.SIGTERM)
            run.wait(60)
            run.stdout.close()
    check.end()


main(*sys.argv[1:])
