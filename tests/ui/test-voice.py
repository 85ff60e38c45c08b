#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test-voice.py BUILD he|en WIDTHxHEIGHT: voice notes are recorded, heard, kept and discarded in the window, with a tone of
GStreamer's for a microphone; another tablet of the crew gets the same bytes."""

import glob
import hashlib
import json
import os
import re
import sys

import tap

tap.need("Xvfb", "dbus-daemon", "xdotool", "gdbus")
try:
    from hands import BUTTON, Hands
    from harness import Desk, Failed, choose, wait_for
except (ImportError, ValueError) as missing:
    tap.skip(missing)

MICROPHONE = "audiotestsrc is-live=true wave=sine freq=440 volume=0.5"
BROKEN = "alsasrc device=hw:77"
SPEAKER = "fakesink sync=true"
SENSITIVE = 24  # of AT-SPI's states


def equal(left, right, what):
    if left != right:
        raise Failed(f"{what}: {left!r} is not {right!r}")


def read_ticket(desk, ticket):
    return json.loads(desk.run("shetach-hub", "ticket", ticket, "--json", "--data", desk.hub_data))


def voices(desk, store, ticket):
    return json.loads(desk.run("shetachctl", "--store", store, "show", ticket, "--json"))["voices"]


def drafts(store):
    return sorted(os.path.basename(path) for path in glob.glob(os.path.join(store, "voice", "*")))


def file_of(store, sha256):
    path = os.path.join(store, "photos", sha256[:2], sha256)
    if not os.path.exists(path):
        return None
    with open(path, "rb") as file:
        return file.read()


def seconds(hands):
    """How long it has recorded, as the page tells; digits run from the left in every language."""
    for node in hands.window.all("label", r"^\u2066[0-9]+:[0-9]{2} / 5:00\u2069$"):
        minutes, rest = re.findall(r"([0-9]+):([0-9]{2})", node.get_name())[0]
        return int(minutes) * 60 + int(rest)
    return -1


def record(hands, at_least):
    hands.tap("Voice note…")
    hands.tap("Record")
    wait_for(f"{at_least} s to be recorded", lambda: seconds(hands) >= at_least)


def keep_one(desk, hands, check):
    with check.point("a voice note is recorded, with its time and its loudness", hands):
        _, ticket = hands.open_first("Assigned")
        record(hands, 2)
        meter = hands.window.find("level bar|progress bar|meter", hands.exactly("Loudness"))
        wait_for("the tone to be loud", lambda: meter.get_value_iface().get_current_value() > 0.5)
        hands.tap("Stop")
        hands.window.find(BUTTON, hands.exactly("Keep"))
    with check.point("it is heard before it is kept", hands):
        listen(hands)
    with check.point("it is kept, seen in the journey, and with the hub", hands):
        hands.tap("Keep")
        hands.window.find(BUTTON, f"^{re.escape(hands.say('Voice note'))}: {hands.marked(True)}")
        there = read_ticket(desk, ticket)["voices"]
        equal([voice["state"] for voice in there], ["confirmed"], "the voice notes at the hub")
        if not 1500 <= there[0]["duration_ms"] <= 300_000:
            raise Failed(f"it plays {there[0]['duration_ms']} ms")
        equal(drafts(hands.store), [], "recordings that wait")
        bytes_here = file_of(hands.store, there[0]["sha256"])
        equal(hashlib.sha256(bytes_here).hexdigest(), there[0]["sha256"], "its hash")
        equal((bytes_here[:4], bytes_here[28:36]), (b"OggS", b"OpusHead"), "how it begins")
    with check.point("it is heard from the journey", hands):
        listen(hands)
    return ticket, there[0]["sha256"], bytes_here


def listen(hands):
    """Plays what is there, and pauses it when it has moved on; the slider then goes to another place."""
    play, pause = hands.say("Play the voice note"), hands.say("Pause")
    # To look through the whole tree again takes as long as a note plays: button and slider are kept.
    button = hands.tap("Play the voice note")
    slider = hands.window.find("slider", hands.exactly("Place in the voice note")).get_value_iface()
    wait_for("the sound to move on", lambda: slider.get_current_value() > 0.2)
    if button.get_name() == pause:
        button.get_action_iface().do_action(0)
    wait_for("silence", lambda: button.get_name() == play)
    slider.set_current_value(1.0)
    wait_for("the slider to stay", lambda: abs(slider.get_current_value() - 1.0) < 0.01)


def others(desk, hands, check, ticket, sha256, bytes_there):
    with check.point("another tablet of the crew has the same bytes, and plays them with no signal", hands):
        other = desk.make_store()
        equal([(voice["sha256"], voice["here"], voice["state"]) for voice in voices(desk, other, ticket)],
              [(sha256, True, "confirmed")], "the voice notes on the other tablet")
        equal(file_of(other, sha256), bytes_there, "its bytes there")
        desk.run("shetachctl", "--store", other, "photos", "--verify")
        desk.run("shetachctl", "--store", other, "check")
        desk.stop_hub()
        choose(other, page="work", ticket=ticket)
        theirs = Hands(desk, other, hands.language)
        theirs.open()
        listen(theirs)
        theirs.close()


def discard_and_bring_back(hands, check):
    with check.point("what is discarded can be brought back", hands):
        record(hands, 1)
        hands.tap("Stop")
        hands.tap("Discard")
        hands.answer_toast("Undo")
        hands.window.click(BUTTON, offered(hands))
        hands.tap("Discard")
        hands.window.gone(BUTTON, offered(hands))
        hands.window.find(BUTTON, hands.exactly("Voice note…"))


def offered(hands):
    before, after = hands.say("A recording of %s was not kept yet. Listen…").split("%s")
    return f"^{re.escape(before)}[0-9]+:[0-9]{{2}}{re.escape(after)}$"


def killed(desk, hands, check, ticket):
    with check.point("a program that is killed keeps what was said, and offers it on its ticket", hands):
        record(hands, 3)
        hands.kill()
        equal(ticket + ".ogg" in drafts(hands.store), True, "the recording is on the disk")
        hands.open()
        hands.window.click(BUTTON, offered(hands))
        listen(hands)
        hands.tap("Keep")
        hands.window.gone(BUTTON, hands.exactly("Keep"))
        wait_for("the second voice note", lambda: len(voices(desk, hands.store, ticket)) == 2)
        second = voices(desk, hands.store, ticket)[1]
        equal(second["state"] in ("on_device", "sent"), True, "it waits for the hub")
        if second["duration_ms"] < 2000:
            raise Failed(f"of 3 s {second['duration_ms']} ms were kept")
        equal(drafts(hands.store), [], "recordings that wait")


def none(desk, hands, check):
    with check.point("a microphone that does not answer is said", hands):
        hands.close()
        os.environ["SHETACH_MICROPHONE"] = BROKEN
        hands.open()
        hands.tap("Voice note…")
        hands.tap("Record")
        hands.window.find("label", hands.exactly("No microphone answers"))
        hands.tap("Try again")
        hands.window.find("label", hands.exactly("No microphone answers"))
        hands.tap("Close the microphone")
        hands.window.find(BUTTON, hands.exactly("Voice note…"))
        hands.close()


def main(build, language, size):
    check = tap.Tap()
    desk = Desk(build, *map(int, size.split("x")))
    try:
        os.environ["SHETACH_MICROPHONE"] = MICROPHONE
        os.environ["SHETACH_SPEAKER"] = SPEAKER
        store = desk.make_store()
        choose(store, page="work", ticket="")
        hands = Hands(desk, store, language)
        hands.open()
        ticket, sha256, there = keep_one(desk, hands, check)
        discard_and_bring_back(hands, check)
        others(desk, hands, check, ticket, sha256, there)
        killed(desk, hands, check, ticket)
        none(desk, hands, check)
    finally:
        desk.close()
    check.end()


main(*sys.argv[1:])
