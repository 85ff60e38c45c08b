#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test-hands.py BUILD: other ways through the window: a keyboard alone, and a supervisor's tablet."""

import json
import os
import re
import subprocess
import sys

import tap

tap.need("Xvfb", "dbus-daemon", "xdotool", "gdbus")
try:
    from hands import BUTTON, Hands
    from harness import Desk, Failed, choose, wait_for
    from gi.repository import Atspi  # in the version that the tree asked for
except (ImportError, ValueError) as missing:
    tap.skip(missing)

PHOTO = os.path.join(os.path.dirname(__file__), "..", "..", "data", "sample", "photo.py")
# More presses than there are things to reach before what is looked for.
MOST_PRESSES = 40


def has_focus(node):
    return node.get_state_set().contains(Atspi.StateType.FOCUSED)


def press_until(desk, key, what, reached):
    """Presses a key until the focus is where it should be."""
    for _ in range(MOST_PRESSES):
        if reached():
            return
        desk.press(key)
    raise Failed(f"{MOST_PRESSES} × {key} never came to {what}")


def by_keyboard(desk, check):
    store = desk.make_store()
    choose(store, page="work", ticket="")
    hands = Hands(desk, store, "he")
    with check.point("keys alone open My work's first card", hands):
        hands.open()
        card = wait_for("the cards", hands.cards)[0]
        # There is no window manager: keys go to the window under the pointer, which touches nothing.
        desk.point_at(hands.window.find("frame"))
        press_until(desk, "Tab", "the first card", lambda: has_focus(card))
        desk.press("Return")
        ticket = hands.open_ticket()
    with check.point("keys alone take the ticket's next step", hands):
        main = hands.window.find(BUTTON, f"^({re.escape(hands.say('On my way'))}|{re.escape(hands.say('Start'))}|"
                                 f"{re.escape(hands.say('Done', 'step'))})$")
        word = main.get_name()
        press_until(desk, "Tab", word, lambda: has_focus(main))
        desk.press("Return")
        hands.window.gone(BUTTON, f"^{re.escape(word)}$")
        wait_for("the hub to have it", lambda: read_ticket(desk, ticket)["events"][-1].get("kind") == "status")
    with check.point("keys alone choose a photo", hands):
        choose_by_keyboard(desk, hands)
    desk.stop(hands.process)


def choose_by_keyboard(desk, hands):
    """Opens the chooser twice: left by Escape it changes nothing, and the focus is where it was."""
    picture = os.path.join(desk.folder, "hole.jpg")
    subprocess.run([PHOTO, picture], check=True, stdout=subprocess.DEVNULL)
    hands.take_picture(picture)
    title = hands.exactly("Photos before the work")
    ask = hands.window.find(BUTTON, hands.exactly("Add a photo before"))
    press_until(desk, "Tab", "the button that asks", lambda: has_focus(ask))
    desk.press("Return")
    hands.window.find("label", title)
    desk.press("Escape")
    hands.window.gone("label", title)
    wait_for("the focus to come back", lambda: has_focus(ask))
    desk.press("Return")
    tile = hands.window.find(BUTTON, "hole.jpg")
    press_until(desk, "Tab", "the picture", lambda: has_focus(tile))
    desk.press("space")
    add = hands.window.find(BUTTON, hands.add_words(1))
    press_until(desk, "Tab", "the button that adds", lambda: has_focus(add))
    desk.press("Return")
    hands.find_photo("before", confirmed=True)


def read_ticket(desk, ticket):
    return json.loads(desk.run("shetach-hub", "ticket", ticket, "--json", "--data", desk.hub_data))


def beside_nothing(hands, check):
    with check.point("beside a list with nothing in it nobody is told to choose", hands):
        hands.open()
        hands.window.find("label", hands.exactly("Choose a ticket"))
        hands.tap("Search")
        hands.window.find("entry|text", hands.exactly("Search tickets")).get_editable_text_iface().set_text_contents("99999999999")
        hands.window.find("label", hands.exactly("Nothing found"))
        hands.window.gone("label", hands.exactly("Choose a ticket"))
        hands.tap("Search")
        hands.window.find("label", hands.exactly("Choose a ticket"))
        hands.desk.stop(hands.process)


def by_supervisor(desk, check):
    store = desk.make_store("--supervisor", "roads")
    choose(store, page="work", ticket="")
    hands = Hands(desk, store, "he")
    beside_nothing(hands, check)
    with check.point("a supervisor gives a ticket to another crew", hands):
        hands.open()
        _, ticket = hands.open_first("Assigned")
        before = read_ticket(desk, ticket)["crew"]
        hands.tap("Assign…")
        title = re.escape(hands.say("Assign to which crew?"))
        dialog = hands.window.find("filler|dialog|frame", f"^{title}$")
        desk.click_at(wait_for("a crew", lambda: hands.window.all("list item", top=dialog))[0])
        wait_for("the dialog's end", lambda: not desk.has_window(title))
        wait_for("the hub to have it", lambda: read_ticket(desk, ticket)["crew"] not in (before, None))
        hands.close()


def main(build):
    check = tap.Tap()
    desk = Desk(build)
    try:
        by_keyboard(desk, check)
        by_supervisor(desk, check)
    finally:
        desk.close()
    check.end()


main(*sys.argv[1:])
