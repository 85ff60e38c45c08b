#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test-lock.py BUILD he|en WIDTHxHEIGHT: a PIN is chosen and asked for; what it hides, what it lets through, and how a
supervisor opens a tablet whose PIN was forgotten."""

import json
import os
import re
import sqlite3
import stat
import subprocess
import sys
import time

import tap

tap.need("Xvfb", "dbus-daemon", "xdotool", "gdbus")
try:
    from hands import BUTTON, Hands
    from harness import Desk, Failed, choose, read_line, wait_for
except (ImportError, ValueError) as missing:
    tap.skip(missing)

SENSITIVE = 24  # of AT-SPI's states
PIN, OTHER, NEW = "2580", "1111", "97531"


def kept(store):
    with open(os.path.join(store, "lock.json"), encoding="utf-8") as file:
        return json.load(file)


def type_pin(hands, digits, by="touch"):
    """By the pad, or by a keyboard."""
    if by == "keys":
        for digit in digits:
            hands.desk.press(digit)
        hands.desk.press("Return")
        return
    # The words of a wait that is over may be gone a moment before the tree tells that the pad can be touched.
    key = hands.window.find(BUTTON, "^1$")
    wait_for("the pad", lambda: key.get_state_set().contains(SENSITIVE))
    for digit in digits:
        hands.window.click(BUTTON, f"^{digit}$")
    hands.tap("Done typing")


def locked(hands):
    hands.window.find("label", hands.exactly("Locked"))


def opened(hands):
    hands.window.gone("label", hands.exactly("Locked"))
    wait_for("the cards", lambda: len(hands.cards()) >= 4)


def ticket_words(store):
    """What stands on the tickets of this tablet: none of it may be read while it is locked."""
    with sqlite3.connect(os.path.join(store, "store.db")) as db:
        rows = db.execute("SELECT doc ->> 'number', doc ->> 'title', doc ->> 'address' FROM ticket").fetchall()
    return {word for row in rows for word in row if word}


def shows_nothing(hands):
    """The whole tree, also what has no size: neither a ticket's words nor the names of pages are in it."""
    nodes = list(hands.window.walk())
    said = [name for name in hands.window.tree.names_of(nodes) if name]
    secret = ticket_words(hands.store)
    found = [name for name in said if any(word in name for word in secret)]
    if found:
        raise Failed(f"the locked window tells {found[:3]}")
    if hands.say("Report") in said or hands.say("Sync") in said:
        raise Failed("the locked window tells of its pages")


def set_pin(desk, hands, check):
    with check.point("who wants to lock it without a PIN is asked to choose one", hands):
        hands.open()
        wait_for("the cards", lambda: len(hands.cards()) >= 4)
        desk.press("ctrl+l")
        hands.window.find("label", hands.exactly("Choose a PIN"))
        # Without a window manager keys go where the pointer is.
        desk.point_at(hands.window.find(BUTTON, "^5$"))
        desk.press_until_gone("Escape", "the question", lambda: desk.has_window(hands.say("PIN")))
        wait_for("the cards", lambda: len(hands.cards()) >= 4)
    with check.point("a PIN is chosen in Preferences, typed twice", hands):
        desk.press("ctrl+comma")
        hands.tap("Choose")
        hands.window.find("label", hands.exactly("Choose a PIN"))
        type_pin(hands, "12")
        hands.window.find("label", hands.exactly("A PIN has 4 to 8 digits."))
        type_pin(hands, PIN)
        hands.window.find("label", hands.exactly("The same PIN once more"))
        type_pin(hands, OTHER)
        hands.window.find("label", hands.exactly("These were two PINs. Begin again with the first."))
        type_pin(hands, PIN)
        type_pin(hands, PIN)
        hands.window.find(BUTTON, hands.exactly("Change"))
        there = os.stat(os.path.join(hands.store, "lock.json"))
        if stat.S_IMODE(there.st_mode) != 0o600 or not kept(hands.store)["pin"].startswith("$argon2id$"):
            raise Failed("it is not kept as it should be")


def hides(desk, hands, logind, check):
    with check.point("when the tablet goes to sleep it is held up until it is locked, with what was open out of sight", hands):
        logind.ask("sleep", "asleep after 1 of 1")
        locked(hands)
        if hands.window.all(BUTTON, hands.exactly("Change")):
            raise Failed("Preferences stand before the lock")
        shows_nothing(hands)
        logind.ask("wake", "awake")
        logind.hear("held up by Shetach")
        locked(hands)
    with check.point("no shortcut opens anything", hands):
        # Without a window manager keys go where the pointer is.
        desk.point_at(hands.window.find(BUTTON, "^5$"))
        for key in ("ctrl+comma", "alt+2", "F1", "ctrl+f", "ctrl+question"):
            desk.press(key)
        if desk.has_window(hands.say("Preferences")) or desk.has_window(hands.say("Help")):
            raise Failed("a window was opened before the lock")
        shows_nothing(hands)
    with check.point("sync goes on behind it", hands):
        ticket = json.loads(desk.run("shetachctl", "--store", hands.store, "list", "--json"))[0]["id"]
        desk.run("shetachctl", "--store", hands.store, "note", ticket, "behind the lock")
        wait_for("the note at the hub",
                 lambda: "behind the lock" in desk.run("shetach-hub", "ticket", ticket, "--data", desk.hub_data))
        shows_nothing(hands)
    with check.point("the right PIN opens it, and what was open is there as it was", hands):
        type_pin(hands, PIN, "keys")
        hands.window.gone("label", hands.exactly("Locked"))
        desk.point_at(hands.window.find(BUTTON, hands.exactly("Change")))
        desk.press_until_gone("Escape", "Preferences", lambda: desk.has_window(hands.say("Preferences")))
        opened(hands)


def menu(desk, hands, check):
    with check.point("it is locked from the menu", hands):
        desk.click_at(hands.window.find(BUTTON, hands.exactly("Menu")))
        item = hands.window.find(None, hands.exactly("Lock the tablet"))
        wait_for("the menu's item", lambda: item.do_action(0))
        locked(hands)
        shows_nothing(hands)


def counts(desk, hands, check):
    wrong = hands.exactly("This is not the PIN.")
    waits = re.escape(hands.say("Too many wrong tries. Again in %s").split("%s")[0])
    with check.point("a wrong PIN is told, and from the third on the next has to wait", hands):
        for _ in range(2):
            type_pin(hands, OTHER)
            hands.window.find("label", wrong)
        type_pin(hands, OTHER)
        hands.window.find("label", waits)
        if kept(hands.store)["wrong"] != 3:
            raise Failed("they are not counted")
    with check.point("nothing is typed meanwhile, not even the right one", hands):
        desk.point_at(hands.window.find("label", hands.exactly("Locked")))
        for digit in PIN:
            desk.press(digit)
        desk.press("Return")
        locked(hands)
        hands.window.gone("label", waits)
    with check.point("killed while it is locked it is locked, and the count stands", hands):
        type_pin(hands, OTHER)
        hands.window.find("label", waits)
        hands.kill()
        hands.open()
        locked(hands)
        hands.window.find("label", waits)
        shows_nothing(hands)
        if kept(hands.store)["wrong"] != 4:
            raise Failed("the count was lost")
        hands.window.gone("label", waits)
    with check.point("the right PIN ends the count", hands):
        type_pin(hands, PIN)
        opened(hands)
        if "wrong" in kept(hands.store):
            raise Failed("wrong tries are still counted")


def idle(hands, check):
    with check.point("it locks by itself when nobody has touched it, and not while somebody does", hands):
        hands.close()
        choose(hands.store, lock_after="5")
        os.environ["SHETACH_MICROPHONE"] = "audiotestsrc is-live=true wave=sine freq=440 volume=0.5"
        hands.open()
        type_pin(hands, PIN)
        opened(hands)
        begun = time.monotonic()
        # The pointer moves for twice the time; what is looked at in between is no touch.
        while time.monotonic() - begun < 8:
            subprocess.run(["xdotool", "mousemove", str(200 + int(time.monotonic() * 50) % 300), "300"], check=True)
            time.sleep(0.2)
            if hands.window.all("label", hands.exactly("Locked")):
                raise Failed("it was locked under somebody's hand")
        locked(hands)
    with check.point("who speaks touches nothing, and is not locked out", hands):
        type_pin(hands, PIN)
        opened(hands)
        hands.open_first("Assigned")
        hands.tap("Voice note…")
        hands.tap("Record")
        begun = time.monotonic()
        while time.monotonic() - begun < 8:
            time.sleep(0.2)
            if hands.window.all("label", hands.exactly("Locked")):
                raise Failed("it was locked while somebody spoke")
        hands.tap("Stop")
        hands.tap("Discard")
        locked(hands)
    with check.point("a keyboard on the screen, which sends text and no keys, keeps it open too", hands):
        type_pin(hands, PIN)
        opened(hands)
        hands.tap("Search")
        entry = hands.window.find("entry|text", hands.exactly("Search tickets"))
        begun = time.monotonic()
        while time.monotonic() - begun < 8:
            entry.get_editable_text_iface().set_text_contents(str(int(time.monotonic() * 10)))
            time.sleep(0.2)
            if hands.window.all("label", hands.exactly("Locked")):
                raise Failed("it was locked while somebody wrote")
        locked(hands)
        hands.kill()
        choose(hands.store, lock_after="300")


def forgotten(desk, hands, check):
    """The real command of the hub's; the tablet has no signal."""
    with check.point("a supervisor's code opens it with no signal, and a new PIN is chosen", hands):
        desk.stop_hub()
        ticket = json.loads(desk.run("shetachctl", "--store", hands.store, "list", "--json"))[0]["id"]
        desk.run("shetachctl", "--store", hands.store, "note", ticket, "not sent yet")
        hands.open()
        locked(hands)
        hands.tap("PIN forgotten?")
        asked = hands.window.find("label", "[0-9]{4} [0-9]{4}").name
        asked = re.search("[0-9]{4} [0-9]{4}", asked).group(0)
        tablet = json.load(open(os.path.join(hands.store, "device.json"), encoding="utf-8"))["device"]
        hands.window.find("label", re.escape(tablet[-4:]))
        misread = subprocess.run([desk.program("shetach-hub"), "unlock", "1" + asked[1:] if asked[0] != "1" else "2" + asked[1:],
                                  "--data", desk.hub_data, "--crew", "roads-1"], capture_output=True, text=True, check=False)
        if misread.returncode == 0:
            raise Failed("the hub answers what was misread")
        answer = desk.run("shetach-hub", "unlock", asked, "--data", desk.hub_data, "--tablet", tablet[-4:]).split("  ")[0]
        type_pin(hands, "11111111")
        hands.window.find("label", hands.exactly("This is not the answer. Let the digits be read once more."))
        type_pin(hands, answer.replace(" ", ""))
        hands.window.find("label", hands.exactly("Choose a new PIN"))
        shows_nothing(hands)
    with check.point("killed before one was chosen, it is still asked for", hands):
        hands.kill()
        hands.open()
        hands.window.find("label", hands.exactly("Choose a new PIN"))
        shows_nothing(hands)
        type_pin(hands, NEW)
        type_pin(hands, NEW)
        wait_for("the cards", lambda: len(hands.cards()) >= 4)
    with check.point("the answer was good once, and nothing was lost", hands):
        if "challenge" in kept(hands.store):
            raise Failed("the challenge still stands")
        waiting = json.loads(desk.run("shetachctl", "--store", hands.store, "show", ticket, "--json"))
        if not any((event.get("data") or {}).get("text") == "not sent yet" for event in waiting["events"]):
            raise Failed("work that was not sent is gone")
        hands.kill()
        hands.open()
        hands.tap("PIN forgotten?")
        again = re.search("[0-9]{4} [0-9]{4}", hands.window.find("label", "[0-9]{4} [0-9]{4}").name).group(0)
        if again == asked:
            raise Failed("the same digits are asked again")
        hands.tap("Back to the PIN")
        type_pin(hands, NEW)
        opened(hands)


def leaks(desk, hands, check):
    def use():
        type_pin(hands, NEW)
        opened(hands)
        desk.press("ctrl+l")
        locked(hands)
        hands.tap("PIN forgotten?")
        hands.tap("Back to the PIN")
        type_pin(hands, NEW)
        opened(hands)

    with check.point("the lock leaves nothing behind", hands):
        hands.kill()
        hands.leaks_nothing(use)
        hands.open()
        type_pin(hands, NEW)
        opened(hands)


def not_connected(hands, check):
    with check.point("a tablet that is not connected has nothing to hide", hands):
        login = os.path.join(hands.store, "device.json")
        hands.kill()
        os.rename(login, login + ".away")
        hands.open()
        hands.window.find("label", hands.exactly("Connect this tablet"))
        hands.kill()
        os.rename(login + ".away", login)
        hands.open()
        locked(hands)
        type_pin(hands, NEW)
        opened(hands)


def remove(desk, hands, check):
    with check.point("the PIN is removed by who knows it, and nothing is asked any more", hands):
        desk.press("ctrl+comma")
        hands.tap("Remove")
        hands.window.find("label", hands.exactly("The PIN of now"))
        type_pin(hands, NEW)
        hands.window.find(BUTTON, hands.exactly("Choose"))
        hands.kill()
        hands.open()
        opened(hands)
        hands.close()


class Logind:
    def __init__(self, desk):
        self.process = desk.start(os.path.join(os.path.dirname(__file__), "logind.py"), stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE)
        self.hear("here")

    def hear(self, line):
        read_line(self.process, re.escape(line))

    def ask(self, word, answer):
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()
        self.hear(answer)


def main(build, language, size):
    check = tap.Tap()
    desk = Desk(build, *map(int, size.split("x")))
    try:
        desk.make_system_bus()
        store = desk.make_store()
        choose(store, page="work", ticket="")
        hands = Hands(desk, store, language)
        logind = Logind(desk)
        set_pin(desk, hands, check)
        logind.hear("held up by Shetach")
        hides(desk, hands, logind, check)
        menu(desk, hands, check)
        counts(desk, hands, check)
        idle(hands, check)
        forgotten(desk, hands, check)
        leaks(desk, hands, check)
        not_connected(hands, check)
        remove(desk, hands, check)
    finally:
        desk.close()
    check.end()


main(*sys.argv[1:])
