#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test-form.py BUILD he|en WIDTHxHEIGHT: a service's form, filled in with no signal, in the window.

All six kinds of answers; the program is killed in between; a report answers its service's questions, or none; done says what is missing and goes there; with a signal the hub
has every answer, and a second tablet of the crew sees in the ticket's journey who answered what."""

import json
import os
import re
import sqlite3
import sys

import tap

tap.need("Xvfb", "dbus-daemon", "xdotool", "gdbus")
try:
    from hands import BUTTON, Hands
    from harness import Failed, Desk, choose, point_at, wait_for
    from scene_acts import bring
except (ImportError, ValueError) as missing:
    tap.skip(missing)

CREW = "gardens-1"
PART = "KG 77/3 שמאל"
FOUND = "הוחלפו שני ברגים\nהמשטח יושר"
REASON = "כבר היה חשוך"
NOTE = "המפתח אצל"
FOCUSED = 12  # of AT-SPI's states


def ask(store, sql, *values):
    with sqlite3.connect(f"file:{store}/store.db?mode=ro", uri=True) as db:
        return db.execute(sql, values).fetchall()


def draft(store, ticket):
    rows = ask(store, "SELECT value FROM meta WHERE key = 'form_draft ' || ?", ticket)
    return json.loads(rows[0][0]) if rows else {}


def kept(store, ticket):
    """What the operations that wait say of the answers, in their order."""
    rows = ask(store, "SELECT bytes FROM op WHERE entity = ? AND kind = 'ticket.set' ORDER BY n", ticket)
    return [json.loads(row[0])["fields"]["answers"] for row in rows]


class Form:
    """The words of a service's questions, as the window shows them."""

    def __init__(self, store, language, service="playground", member="form"):
        (doc,), = ask(store, "SELECT doc FROM entity WHERE type = 'service' AND id = ?", service)
        self.language, self.name = language, json.loads(doc)["names"][language]
        self.questions = {question["code"]: question for question in json.loads(doc)[member]}

    def question(self, code):
        return self.questions[code]["descriptions"][self.language]

    def choice(self, code, key):
        (found,) = [value for value in self.questions[code]["values"] if value["key"] == key]
        return f"^{re.escape(found['names'][self.language])}$"


def counted(hands, n):
    said = hands.say.own.ngettext("%u of %u answered", "%u of %u answered", 6) if hands.say.own else "%u of %u answered"
    return f"^{re.escape(said.replace('%u', str(n), 1).replace('%u', '6', 1))}$"


def write(hands, name, text):
    hands.window.find("text|entry", f"^{re.escape(name)}$").get_editable_text_iface().set_text_contents(text)


def fill(hands, form, store, ticket, check):
    with check.point("nothing is answered yet", hands):
        hands.open()
        hands.window.find("label", counted(hands, 0))
    with check.point("five kinds of answers are drafts at once, and nothing is sent of them", hands):
        hands.window.click(BUTTON, form.choice("checks", "bolts"))
        hands.window.click(BUTTON, form.choice("checks", "ground"))
        write(hands, form.question("fall_height_cm"), "120")
        hands.window.click(BUTTON, f"^{re.escape(form.question('fall_height_cm'))}, {hands.say('one more')}$")
        hands.window.click(BUTTON, f"^{re.escape(form.question('reopened_at'))}, {hands.say('Now')}$")
        hands.window.click(BUTTON, f"^{re.escape(form.question('reopened_at'))}, {re.escape(hands.say('− 1 hour'))}$")
        write(hands, form.question("part_number"), PART)
        write(hands, form.question("found"), FOUND)
        wait_for("the draft", lambda: len(draft(store, ticket)) == 5 and draft(store, ticket)["found"] == FOUND)
        said = draft(store, ticket)
        if (said["checks"], said["fall_height_cm"], said["part_number"]) != (["bolts", "ground"], 121, PART):
            raise Failed(said)
        if kept(store, ticket):
            raise Failed("a draft is no operation")
        hands.window.find("label", counted(hands, 5))
    with check.point("what was filled in, and half a note, outlive a program that is killed", hands):
        write(hands, hands.say("Note"), NOTE)
        wait_for("the note's draft", lambda: ask(store, "SELECT value FROM meta WHERE key = 'note_draft ' || ?", ticket) == [(NOTE,)])
        hands.kill()
        hands.open()
        hands.window.find("label", counted(hands, 5))
        wait_for("it to be kept", lambda: kept(store, ticket) == [said] and draft(store, ticket) == {})
        box = hands.window.find("text", hands.exactly("Note")).get_text_iface()
        if box.get_text(0, -1) != NOTE:
            raise Failed(box.get_text(0, -1))
        write(hands, hands.say("Note"), "")
    return said


def is_focused(window, name):
    return [node for node in window.all(BUTTON, name) if FOCUSED in node.get_state_set()]


def finish(hands, desk, form, store, ticket, check):
    with check.point("done says what is missing", hands):
        hands.tap("Done", "step")
        hands.window.find(None, hands.exactly("Something is missing"))
    with check.point("it goes to the question, and gives it the focus", hands):
        hands.tap("Answer now")
        wait_for("the focus", lambda: is_focused(hands.window, form.choice("result", "open")))
        wait_for("it to be in sight", lambda: desk.reaches(hands.window.find(BUTTON, form.choice("result", "open"))))
    with check.point("the answer is given", hands):
        hands.window.click(BUTTON, form.choice("result", "closed"))
        hands.window.click(BUTTON, form.choice("result", "open"))
        hands.window.find("label", counted(hands, 6))
    with check.point("kept twice within minutes it is one line of the journey, whose mark proves each by itself", hands):
        hands.tap("Keep the answers")
        line = hands.counted("Form filled in, %u time", "Form filled in, %u times", 2)
        hands.window.find("label", line)
        mark = hands.window.find("push button", line.rstrip("$") + ": ")
        # Out of sight it would tell it out of sight.
        bring(lambda hands: mark)(hands)
        desk.click_at(mark)
        safe = re.escape(hands.say("Safe on this tablet since %s. It will be sent as soon as there is signal.").split("%s")[0])
        hands.window.find("label", f"(?s)121.*{safe}.*{re.escape(form.question('result'))}.*{safe}")
        desk.press("Escape")
    with check.point("only the photos are asked for", hands):
        hands.tap("Done", "step")
        hands.window.find(None, hands.exactly("Photos are missing"))
        entries = hands.window.all("text|entry", re.escape(hands.say("Why is there none?")) + "$")
        for entry in entries:
            entry.get_editable_text_iface().set_text_contents(REASON)
        hands.answer_toast("Done without them")
        wait_for("the step", lambda: ask(store, "SELECT count(*) FROM op WHERE entity = ? AND kind = 'ticket.status' AND "
                                                "bytes ->> '$.fields.want' = 'done'", ticket) == [(1,)])
    with check.point("the answer went before the step, as one operation", hands):
        (kinds,) = ask(store, "SELECT group_concat (kind, ' ') FROM (SELECT kind FROM op WHERE entity = ? AND state < 2 "
                              "ORDER BY n)", ticket)
        if kinds[0] != "ticket.set ticket.set ticket.status" or kept(store, ticket)[1] != {"result": "open"}:
            raise Failed(kinds, kept(store, ticket))


def report(hands, store, language, check):
    form = Form(store, language, "water-leak", "attributes")
    key = form.questions["flow"]["values"][0]["key"]
    said = {"flow": key, "notes": FOUND}
    with check.point("a report shows its service's questions when they are asked for", hands):
        hands.go_to("Report")
        hands.window.click(BUTTON, f"^{re.escape(form.name)}$")
        hands.tap("More questions (optional)")
        hands.window.click(BUTTON, form.choice("flow", key))
        write(hands, form.question("notes"), FOUND)
        wait_for("the draft", lambda: json.loads((ask(store, "SELECT value FROM meta WHERE key = 'report_draft'")
                                                  or [("{}",)])[0][0]).get("answers") == said)
    with check.point("they outlive a program that is killed, and go with the report", hands):
        hands.kill()
        hands.open()
        hands.go_to("Report")
        hands.window.find("text|entry", f"^{re.escape(form.question('notes'))}$")
        hands.tap("Save")
        rows = wait_for("the report", lambda: ask(store, "SELECT entity, bytes FROM op WHERE kind = 'ticket.create' AND state < 2"))
        if json.loads(rows[0][1])["fields"]["answers"] != said:
            raise Failed(rows)
    return rows[0][0], said


def main(build, language, size):
    check = tap.Tap()
    desk = Desk(build, *map(int, size.split("x")))
    try:
        store = desk.make_store("--crew", CREW)
        other = desk.make_store("--crew", CREW)
        ticket = desk.run("shetachctl", "--store", store, "report", "--service", "playground", "--lat", "31.24", "--lon",
                          "34.60", "--title", "נדנדה רופפת").split()[0]
        desk.run("shetachctl", "--store", store, "status", ticket, "in_progress")
        desk.run("shetachctl", "--store", store, "sync", "--timeout", "300")
        url = desk.url
        desk.stop_hub()
        form = Form(store, language)
        choose(store, page="work", ticket=ticket)
        hands = Hands(desk, store, language)
        said = fill(hands, form, store, ticket, check)
        finish(hands, desk, form, store, ticket, check)
        new, told = report(hands, store, language, check)
        desk.serve()
        if desk.url != url:
            point_at(other, desk.url)
        with check.point("the window closes well", hands):
            hands.close()
        point_at(store, desk.url)
        for one in (store, other):
            desk.run("shetachctl", "--store", one, "sync", "--timeout", "300")
        with check.point("the hub has every answer, and tells them in words", hands):
            answers = json.loads(desk.run("shetach-hub", "ticket", ticket, "--json", "--data", desk.hub_data))["answers"]
            if answers != {**said, "result": "open"}:
                raise Failed(answers)
            answers = json.loads(desk.run("shetach-hub", "ticket", new, "--json", "--data", desk.hub_data))["answers"]
            if answers != told:
                raise Failed(answers)
            told = desk.run("shetach-hub", "ticket", ticket, "--data", desk.hub_data)
            if f"{form.questions['fall_height_cm']['description']}  121" not in told:
                raise Failed(told)
            desk.run("shetachctl", "--store", store, "check")
        choose(other, page="work", ticket=ticket)
        hands = Hands(desk, other, language)
        with check.point("the journey tells who answered what, in words", hands):
            hands.open()
            hands.window.find("label", hands.counted("Form filled in, %u time", "Form filled in, %u times", 2))
            hands.window.find("label", re.escape(form.question("fall_height_cm")) + "[^0-9]*121")
            hands.close()

        def change():
            hands.window.click(BUTTON, form.choice("checks", "edges"))
            hands.window.find(BUTTON, hands.exactly("Keep the answers"))

        with check.point("closing the window keeps what was filled in, and leaves nothing behind", hands):
            hands.leaks_nothing(change)
            if kept(other, ticket) not in ([{"checks": ["bolts", "edges", "ground"]}], []) or draft(other, ticket) != {}:
                raise Failed(kept(other, ticket), draft(other, ticket))
    finally:
        desk.close()
    check.end()


main(*sys.argv[1:])
