#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test-decide.py BUILD he|en WIDTHxHEIGHT: what a person has to decide, in the window.

A crew without a signal and its supervisor say different things; the crew's window shows both, one is chosen with
a click, and the hub has it. Work on a ticket that was taken away is seen on the supervisor's ticket. What happened
while a tablet was away is told once."""

import json
import os
import re
import sqlite3
import sys
import time

import tap

tap.need("Xvfb", "dbus-daemon", "xdotool", "gdbus")
try:
    from hands import BUTTON, Hands
    from harness import NO_PHOTOS, Desk, Failed, choose, wait_for
except (ImportError, ValueError) as missing:
    tap.skip(missing)

NOTE = "הנחנו שילוט, האספלט מחר"
AWAY_MS = 5 * 3600 * 1000


def equal(left, right, what):
    if left != right:
        raise Failed(f"{what}: {left!r} is not {right!r}")


class Tablet:
    """A tablet on the command line."""

    def __init__(self, desk, store):
        self.desk, self.store = desk, store

    def do(self, *words):
        return self.desk.run("shetachctl", "--store", self.store, *words)

    def sync(self):
        self.do("sync", "--timeout", "300")

    def show(self, ticket):
        return json.loads(self.do("show", ticket, "--json"))

    def conflicts(self):
        return json.loads(self.do("conflicts", "--json"))


def at_hub(desk, ticket):
    return json.loads(desk.run("shetach-hub", "ticket", ticket, "--json", "--data", desk.hub_data))


def assigned(store, n):
    with sqlite3.connect(os.path.join(store, "store.db")) as db:
        return [row[0] for row in db.execute("SELECT id FROM ticket WHERE open AND status = 'assigned' AND crew = "
                                             "'roads-1' ORDER BY id LIMIT ?", (n,))]


def disagree(crew, boss, ticket):
    """The supervisor sets it to wait; the crew, which has not heard of it, to done."""
    crew.do("status", ticket, "in_progress")
    crew.sync()
    boss.sync()
    boss.do("status", ticket, "waiting", "--waiting-for", "parts")
    crew.do("status", ticket, "done", *NO_PHOTOS)
    boss.sync()
    crew.sync()
    boss.sync()


def see_both(hands):
    say = hands.say
    hands.window.find("label", hands.exactly("Status"))
    mine = hands.window.find(BUTTON, f"^{say('Keep mine')}: {say('Done', 'status')}$")
    theirs = hands.window.find(BUTTON, f"^{say('Keep theirs')}: {say('Waiting', 'status')}$")
    hands.window.find("label", hands.exactly("✓ This holds now"))
    from gi.repository import Atspi

    for button in (mine, theirs):
        size = button.get_component_iface().get_extents(Atspi.CoordType.WINDOW)
        if size.height < 48 or size.width < 48:
            raise Failed(f"a choice is {size.width}×{size.height}")


def kept(hands, status):
    return hands.say("“%s” is kept. The other stays in the journey.").replace("%s", hands.say(status, "status"))


def the_badge(hands, n):
    """Sync's button says in words how many there are; 0: nothing of it."""
    if n:
        hands.window.find(BUTTON, f"^{count_words(hands, 'Sync, %d to decide', n)}$")
    else:
        hands.window.find(BUTTON, hands.exactly("Sync"))


def count_words(hands, text, n):
    said = hands.say.own.ngettext(text, text, n) if hands.say.own else text
    return said.replace("%d", str(n))


def conflict(desk, language, check):
    crew, boss = Tablet(desk, desk.make_store()), None
    tickets = assigned(crew.store, 4)
    department = crew.show(tickets[0])["department"]
    boss = Tablet(desk, desk.make_store("--supervisor", department))
    disagree(crew, boss, tickets[0])
    disagree(crew, boss, tickets[1])
    equal([row["stands"] for row in crew.conflicts()], ["theirs", "theirs"], "what stands")
    choose(crew.store, page="work")
    hands = Hands(desk, crew.store, language)

    with check.point("the badge counts what waits for a decision", hands):
        hands.open()
        the_badge(hands, 2)
        hands.window.find("label", f"{count_words(hands, '%d to decide', 2)}$")
    with check.point("Sync shows both words, and which one holds", hands):
        hands.go_to("Sync")
        see_both(hands)
    with check.point("a tap on it opens its ticket, where the same is asked", hands):
        rows = f"^{re.escape(hands.say('Status'))}"
        wait_for("two rows", lambda: len(hands.window.all("list item", rows)) == 2)
        desk.click_at(hands.window.find("label", hands.exactly("Status")))
        wait_for("the ticket to be open", lambda: hands.open_ticket() in tickets[:2])
        first = hands.open_ticket()
        second = next(one for one in tickets[:2] if one != first)
        # Sync's two, which keep their place in the tree, and then the ticket's own
        wait_for("the ticket's own choice", lambda: len(hands.window.all(BUTTON, hands.beginning("Keep mine"))) == 3)
    with check.point("what was chosen is what the hub has", hands):
        # the ticket's side comes before the list's
        hands.window.click(BUTTON, f"^{hands.say('Keep mine')}: ")
        hands.window.find("label", f"^{kept(hands, 'Done')}$")
        wait_for("the hub to have it", lambda: at_hub(desk, first)["status"] == "done")
        wait_for("one to be left", lambda: len(crew.conflicts()) == 1)
        the_badge_after(hands)
    with check.point("the journey tells the decision in words", hands):
        text = hands.say("Decided: %s – %s stays").split("%s")[0]
        hands.window.find("label", f"^{text}")
        events = at_hub(desk, first)["events"]
        facts = [event["data"]["conflicts"][0] for event in events if event["data"].get("conflicts")]
        equal([(fact["mine"], fact["theirs"], fact["resolved"]["keep"]) for fact in facts],
              [("done", "waiting", "mine")], "what the journey keeps")
    with check.point("theirs can be kept too", hands):
        hands.go_to("Sync")
        left = [row["ticket"] for row in crew.conflicts()]
        equal(left, [second], "what is left")
        close_ticket(hands)
        hands.window.click(BUTTON, f"^{hands.say('Keep theirs')}: ")
        hands.window.gone(BUTTON, f"^{hands.say('Keep theirs')}: ")
        wait_for("nothing to be left", lambda: not crew.conflicts())
        the_badge(hands, 0)
        wait_for("the hub to hear of it", lambda: "resolved" in [event["kind"] for event in
                                                                 at_hub(desk, second)["events"]])
        equal(at_hub(desk, second)["status"], "waiting", "the status at the hub")
    with check.point("the window closes well", hands):
        hands.close()
    undo(desk, hands, check, crew, boss, tickets[3])
    return crew, boss, tickets[2]


def undo(desk, hands, check, crew, boss, ticket):
    """A slip of the glove on what the hub has already."""
    disagree(crew, boss, ticket)
    choose(crew.store, page="sync", ticket="")
    with check.point("a decision that was sent is taken back by its toast", hands):
        hands.open()
        hands.window.click(BUTTON, f"^{hands.say('Keep mine')}: ")
        hands.hold_toast("Undo")
        wait_for("the hub to have it", lambda: at_hub(desk, ticket)["status"] == "done")
        hands.answer_toast("Undo")
        wait_for("the hub to have it taken back", lambda: at_hub(desk, ticket)["status"] == "waiting")
        facts = [event["data"]["conflicts"][0] for event in at_hub(desk, ticket)["events"]
                 if event["data"].get("conflicts")]
        equal([fact["resolved"]["keep"] for fact in facts], ["theirs"], "what was kept in the end")
        hands.close()


def the_badge_after(hands):
    """In portrait an open ticket hides the rail."""
    if hands.desk.width > hands.desk.height:
        the_badge(hands, 1)


def close_ticket(hands):
    back = hands.exactly("Back")
    if hands.window.all(BUTTON, back):
        hands.window.click(BUTTON, back)
        hands.window.gone(BUTTON, back)


def contribution(desk, language, check, crew, boss, ticket):
    crew.do("note", ticket, NOTE)
    boss.sync()
    desk.run("shetach-hub", "assign", ticket, "roads-2", "--data", desk.hub_data)
    crew.sync()
    boss.sync()
    choose(boss.store, page="work", ticket=ticket)
    hands = Hands(desk, boss.store, language)
    with check.point("work on a ticket that was taken away is seen on the supervisor's", hands):
        hands.open()
        hands.window.find("label", hands.exactly("Done after it was taken away"))
        # what it was, in one line, as the journey does not say it
        hands.window.find("label", f"^{hands.say('Note')}: {NOTE}$")
        equal(at_hub(desk, ticket)["crew"], "roads-2", "the crew")
    with check.point("the supervisor's window closes well", hands):
        hands.close()


def away(desk, language, check, crew):
    boss_work = assigned(crew.store, 1)[0]
    with sqlite3.connect(os.path.join(crew.store, "store.db")) as db:
        db.execute("UPDATE meta SET value = ? WHERE key = 'page_at'", (int(time.time() * 1000) - AWAY_MS,))
        title, number = db.execute("SELECT title, number FROM ticket WHERE id = ?", (boss_work,)).fetchone()
    taken = [one for one in assigned(crew.store, 2) if one != boss_work][0]
    desk.run("shetach-hub", "assign", taken, "roads-2", "--data", desk.hub_data)
    other = Tablet(desk, desk.make_store())
    other.do("note", boss_work, "ראינו")
    other.sync()
    choose(crew.store, page="work", ticket="")
    hands = Hands(desk, crew.store, language)
    with check.point("what happened while the tablet was away is told", hands):
        hands.open()
        hands.window.find("label", hands.exactly("While you were away"))
        hands.window.find(BUTTON, f"^{title}( · .*)?$")
    with check.point("a line of it opens its ticket", hands):
        hands.window.click(BUTTON, f"^{title}( · .*)?$")
        wait_for("the ticket", lambda: hands.open_ticket() == boss_work)
        close_ticket(hands)
    with check.point("put away, it is gone for good", hands):
        hands.tap("Seen")
        hands.window.gone("label", hands.exactly("While you were away"))
        wait_for("the store to know", lambda: json.loads(crew.do("away", "--json")) == {})
    with check.point("and the window with it leaks nothing", hands):
        hands.close()

        def look_round():
            hands.go_to("Sync")
            hands.go_to("My work")
            equal(hands.window.all("label", hands.exactly("While you were away")), [], "the card")

        hands.leaks_nothing(look_round)


def main(build, language, size):
    check = tap.Tap()
    desk = Desk(build, *map(int, size.split("x")))
    try:
        crew, boss, third = conflict(desk, language, check)
        contribution(desk, language, check, crew, boss, third)
        away(desk, language, check, crew)
    finally:
        desk.close()
    check.end()


main(*sys.argv[1:])
