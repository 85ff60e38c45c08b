#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The window as a crew uses it: list, filters, search, a ticket, another language."""

import os
import re
import shutil
import sys

NEEDED = ("Xvfb", "dbus-daemon", "xdotool", "gdbus")
missing = [program for program in NEEDED if shutil.which(program) is None]
try:
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    from harness import Desk, choose, wait_for
    from gi.repository import Atspi  # in the version that the tree asked for
except (ImportError, ValueError) as error:
    missing.append(str(error))
if missing:
    print("skipped:", ", ".join(missing))
    sys.exit(77)


def read(path):
    with open(path) as file:
        return file.read()


def try_language(desk, option, words):
    store = desk.make_store()
    choose(store, page="work")
    process, window = desk.open(store, option)
    wait_for("the cards", lambda: len(window.rows()) >= 6)

    window.click("toggle button|push button", words["waiting"])
    wait_for("fewer cards", lambda: 0 < len(window.rows()) < 6
             and all(words["waits"] in name for name in window.rows()))
    window.click("toggle button|push button", words["open"])
    wait_for("all cards", lambda: len(window.rows()) >= 6)

    # xdotool types what the keyboard has: digits, which are the same in all languages
    before = window.rows()
    # A card that has not been on the screen yet does not say how much time is left.
    number, sought = max((int(match.group(1)), match.group(0)) for name in before
                         if (match := re.match(r"[^,]*, [^,]*?(\d+),", name)))
    window.click("toggle button|push button", words["search"])
    entry = window.find("entry", words["search_entry"])
    wait_for("the entry to have the focus", lambda: any(
        node.get_state_set().contains(Atspi.StateType.FOCUSED) for node in window.walk(entry)))
    desk.type(str(number))
    window.find("label", words["found"])
    wait_for("what was found", lambda: any(name.startswith(sought) for name in window.rows()) and window.rows() != before)
    window.click("toggle button|push button", words["search"])
    wait_for("all cards", lambda: len(window.rows()) >= 6)

    desk.click_at(window.all("list item", ".")[0])
    window.find("push button", words["back"])
    wait_for("the ticket to be kept", lambda: "ticket=0" in read(os.path.join(store, "window.ini")))
    desk.stop(process)
    return store


def main():
    desk = Desk(sys.argv[1])
    try:
        try_language(desk, "--english", {"waiting": "^Waiting", "waits": "Waiting", "open": "^Open", "search": "^Search$",
                                         "search_entry": "Search tickets", "found": "found", "back": "^Back$"})
        store = try_language(desk, "--hebrew", {"waiting": "^ממתינות", "waits": "ממתינה", "open": "^פתוחות",
                                                "search": "^חיפוש$", "search_entry": "חיפוש פניות", "found": "נמצא",
                                                "back": "^חזרה$"})
        try_language(desk, "--arabic", {"waiting": "^منتظرة", "waits": "انتظار", "open": "^مفتوحة", "search": "^بحث$",
                                        "search_entry": "بحث في البلاغات", "found": "وُجد", "back": "^رجوع$"})
        choose(store, language="he", ticket="")
        process, window = desk.open(store)
        window.find("push button|toggle button", "^מפה$")
        desk.press("ctrl+comma")
        row = window.find(None, "^שפה$")
        # Without a window manager keys go where the pointer is.
        desk.point_at(row)
        desk.press("space")
        desk.press("End")
        desk.press("Return")
        window.find("push button|toggle button", "^Map$")
        assert process.poll() is None
        desk.stop(process)
        # One that was never told a language speaks the system's, by the first that it knows.
        choose(store, language="")
        process, window = desk.open(store, env={**os.environ, "LANGUAGE": "am_ET:ar_IL:he"})
        window.find("push button|toggle button", "^الخريطة$")
        print("ok")
    finally:
        desk.close()


main()
