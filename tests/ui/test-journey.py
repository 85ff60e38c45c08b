#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test-journey.py BUILD he|en WIDTHxHEIGHT: a crew's work in the window, from the list to the hub.

A ticket is worked on and a hazard is reported without a signal, the program is killed in between, the hub
comes back, and everything that the window showed is there too."""

import hashlib
import json
import os
import re
import sys
import time

import tap

tap.need("Xvfb", "dbus-daemon", "xdotool", "gdbus")
try:
    from hands import BUTTON, Hands
    from harness import Desk, Failed, wait_for
except (ImportError, ValueError) as missing:
    tap.skip(missing)
sys.path.insert(0, os.path.join(os.environ["SHETACH_SAMPLE"]))
sys.dont_write_bytecode = True
import photo as sample_photo  # noqa: E402

NOTE = "חסמנו את הנתיב, חוזרים מחר עם אספלט"
KIND = {"he": "בור בכביש", "en": "Pothole"}
# What the journey leaves on its ticket with a mark: three statuses, a note, and two photos, each of them with
# a step and a tile.
MARKS = 3 + 1 + 2 * 2


def equal(left, right, what):
    if left != right:
        raise Failed(f"{what}: {left!r} is not {right!r}")


def make_photos(folder, n):
    paths = [os.path.join(folder, f"photo-{i}.jpg") for i in range(n)]
    for i, path in enumerate(paths):
        with open(path, "wb") as file:
            file.write(sample_photo.make(i + 1))
    return paths


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def see_ticket_so_far(hands):
    hands.window.find(BUTTON, hands.exactly("Done", "step"))
    hands.window.find("label", f"^{NOTE}$")
    hands.find_photo("before")
    # Two statuses, the note, and the photo with its step.
    wait_for("five marks that are not ●", lambda: hands.count_steps() == 5)


def see_confirmed(hands, url, check):
    """The open ticket's marks all turn ● after the hub's program is started at its old place."""
    wait_for(f"{MARKS} marks that are not ●", lambda: hands.count_steps() == MARKS)
    before = hands.count_steps(confirmed=True)
    start = time.monotonic()
    hands.desk.serve(url.removeprefix("http://"))
    # By itself. That it tries again within 8 s is what tests/tablet/test-retry.c holds to, on a clock of its own.
    wait_for("every mark to be ●", lambda: hands.count_steps() == 0)
    check.tell(f"every mark was ● {time.monotonic() - start:.1f} s after the hub's start")
    wait_for(f"{before + MARKS} marks that are ●", lambda: hands.count_steps(confirmed=True) == before + MARKS)


def see_nothing_waits(hands):
    hands.go_to("Sync")
    hands.window.find("label", hands.exactly("Everything is with the hub"))
    hands.window.find(BUTTON, hands.exactly("Sync"))


def read_ticket(desk, ticket):
    return json.loads(desk.run("shetach-hub", "ticket", ticket, "--json", "--data", desk.hub_data))


def agree(desk, ticket, report, photos, service):
    there = read_ticket(desk, ticket)
    equal(there["status"], "done", "the status")
    equal([event["data"]["to"] for event in there["events"] if event["kind"] == "status"][-3:],
          ["on_the_way", "in_progress", "done"], "the steps")
    notes = [event["data"]["text"] for event in there["events"] if event["kind"] == "note"]
    equal((notes[-1], notes.count(NOTE)), (NOTE, 1), "the last note")
    equal(sorted((photo["role"], photo["source_sha256"], photo["state"]) for photo in there["photos"]),
          [("after", sha256(photos[1]), "confirmed"), ("before", sha256(photos[0]), "confirmed")], "the photos")
    there = read_ticket(desk, report)
    equal((there["service"], there["source"]), (service, "crew"), "the report")
    equal([(photo["source_sha256"], photo["state"]) for photo in there["photos"]],
          [(sha256(photos[2]), "confirmed")], "the report's photo")
    desk.run("shetach-hub", "check", "--data", desk.hub_data)


def journey(desk, language, check):
    folder = desk.folder
    photos = make_photos(folder, 3)
    store = desk.make_store()
    url = desk.url
    desk.stop_hub()
    hands = Hands(desk, store, language)

    with check.point("a ticket is opened from My work without a signal", hands):
        hands.open()
        card, ticket = hands.open_first("Assigned")
    with check.point("it is started", hands):
        hands.tap("On my way")
        hands.tap("Start")
        hands.window.find(BUTTON, hands.exactly("Done", "step"))
    with check.point("a note is written", hands):
        hands.write_note(NOTE)
    with check.point("a photo is attached", hands):
        hands.attach("before", photos[0])
        hands.find_photo("before")
        see_ticket_so_far(hands)
    with check.point("after SIGKILL all of it is there again", hands):
        hands.kill()
        hands.open()
        see_ticket_so_far(hands)
        equal(hands.open_ticket(), ticket, "the open ticket")
    with check.point("a second photo, and it is done", hands):
        hands.attach("after", photos[1])
        hands.find_photo("after")
        hands.tap("Done", "step")
        hands.window.gone(BUTTON, hands.exactly("Done", "step"))
    with check.point("a hazard is reported in three taps", hands):
        hands.go_to("Report")
        hands.take_picture(photos[2])
        hands.tap("Photo")
        hands.choose_picture("Photo of the hazard", photos[2])
        hands.window.click(BUTTON, f"^{KIND[language]}$")
        hands.tap("Save")
        hands.answer_toast("Open")
        hands.find_photo("before")
        report = wait_for("the report to be the open ticket", lambda: hands.open_ticket() != ticket
                          and hands.open_ticket())
    with check.point("Sync tells what waits", hands):
        hands.go_to("Sync")
        hands.window.find("label", "^" + re.escape(hands.say("Waiting to be sent: %s and %s").split("%s")[0]))
    with check.point("the ticket is found among those that are done", hands):
        hands.go_to("My work")
        hands.filter("Done")
        hands.open_card(card)
        wait_for("the ticket", lambda: hands.open_ticket() == ticket)
    with check.point("after the hub's start every mark of it is ●, untouched", hands):
        see_confirmed(hands, url, check)
    with check.point("nothing waits", hands):
        see_nothing_waits(hands)
    with check.point("the report's marks are ●", hands):
        hands.go_to("My work")
        hands.filter("All")
        hands.search(read_ticket(desk, report)["number"])
        hands.open_card(KIND[language])
        wait_for("the report", lambda: hands.open_ticket() == report)
        hands.find_photo("before", confirmed=True)
        wait_for("no mark that is not ●", lambda: hands.count_steps() == 0)
    with check.point("hub and window agree", hands):
        agree(desk, ticket, report, photos, "road-hole")
    with check.point("the window closes well", hands):
        hands.close()
    with check.point("the window with all of this in it leaks nothing", hands):
        def look_round():
            hands.find_photo("before", confirmed=True)
            for page in ("Report", "Sync", "My work"):
                hands.go_to(page)

        hands.leaks_nothing(look_round)


def main(build, language, size):
    check = tap.Tap()
    desk = Desk(build, *map(int, size.split("x")))
    try:
        journey(desk, language, check)
    finally:
        desk.close()
    check.end()


main(*sys.argv[1:])
