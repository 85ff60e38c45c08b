#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test-photos.py BUILD he|en WIDTHxHEIGHT: a ticket's photos as evidence: their words, near and far, before beside
after, and drawn on."""

import hashlib
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
sys.path.insert(0, os.path.join(os.environ["SHETACH_SAMPLE"]))
sys.dont_write_bytecode = True
import photo as sample_photo  # noqa: E402

DRAWN = ["arrow", "circle", "text", "blur"]
CAPTION = {"he": "הבור ליד התחנה", "en": "The hole at the stop"}


def attach(desk, store, ticket, n, role):
    """A photo of its own, attached on the command line."""
    path = os.path.join(desk.folder, f"photo-{n}.jpg")
    with open(path, "wb") as file:
        file.write(sample_photo.make(n))
    desk.run("shetachctl", "--store", store, "photo", ticket, path, "--role", role)
    return path


def equal(left, right, what):
    if left != right:
        raise Failed(f"{what}: {left!r} is not {right!r}")


def first_ticket(desk, store):
    return json.loads(desk.run("shetachctl", "--store", store, "list", "--json", "--status", "assigned"))[0]["id"]


def photos(desk, store, ticket):
    return json.loads(desk.run("shetachctl", "--store", store, "show", ticket, "--json"))["photos"]


def open_photo(hands, role):
    """Taps the first tile of that role; the viewer then has the window."""
    word = {"before": "Photo before", "after": "Photo after"}[role]
    hands.window.click(BUTTON, f"{hands.beginning(word)}, ")
    hands.window.find(BUTTON, hands.exactly("Write the caption"))
    # There is no window manager: keys go to the window under the pointer.
    hands.desk.point_at(hands.window.find("image", hands.beginning(word)))


def title(hands, at, of):
    return hands.say("Photo %u of %u").replace("%u", "{}").format(at, of)


def is_open(hands):
    """Whether the viewer is on the display. The tree is left alone while it goes: GTK 4.8 crashes when it is asked
    for the parent of what is just being taken down."""
    return hands.desk.has_window(title(hands, "[0-9]+", "[0-9]+"))


def is_gone(hands):
    wait_for("the viewer to go", lambda: not is_open(hands))
    hands.window.settle()
    hands.window.gone(BUTTON, hands.exactly("Write the caption"))


def leave(hands):
    """Back to the ticket; the first Escape takes away what is said at the bottom."""
    hands.desk.press_until_gone("Escape", "the viewer", lambda: is_open(hands))
    is_gone(hands)


def counted(hands, at, of):
    """The viewer's title."""
    hands.window.find("label", f"^{title(hands, at, of)}$")


def words(desk, hands, store, ticket, check):
    caption = CAPTION[hands.language]
    with check.point("a caption is typed below the photo", hands):
        hands.open()
        open_photo(hands, "before")
        hands.window.find("label", hands.exactly("No caption yet"))
        hands.tap("Write the caption")
        entry = hands.window.find("text|entry", hands.exactly("Caption"))
        wait_for("the entry to have the focus", lambda: entry.get_state_set().contains(Atspi.StateType.FOCUSED))
        entry.get_editable_text_iface().set_text_contents(f"  {caption} ")
        desk.press("Return")
        hands.window.find("label", f"^{caption}$")
        hands.window.find("image", f"{caption}$")
    with check.point("Escape leaves the caption as it was, and the viewer open", hands):
        hands.tap("Write the caption")
        entry = hands.window.find("text|entry", hands.exactly("Caption"))
        wait_for("the caption to be there", lambda: entry.get_text_iface().get_character_count() == len(caption))
        entry.get_editable_text_iface().set_text_contents("x")
        desk.press("Escape")
        hands.window.gone("text|entry", hands.exactly("Caption"))
        hands.window.find("label", f"^{caption}$")
    with check.point("another role is chosen, and the strips follow", hands):
        hands.tap("Other", "photo's role")
        hands.window.find("image", f"^{re.escape(hands.say('Photo'))} · ")
        wait_for("the role to be kept", lambda: photos(desk, store, ticket)[0]["role"] == "other")
        leave(hands)
        hands.window.find("label", hands.exactly("Other photos"))
        hands.window.click(BUTTON, f"^{re.escape(hands.say('Photo'))}, ")
        hands.tap("Before")
        leave(hands)
        hands.window.find(BUTTON, hands.beginning("Photo before"))
    with check.point("the hub has them", hands):
        wait_for("the words at the hub", lambda: [
            (photo["role"], photo["caption"]) for photo in
            json.loads(desk.run("shetach-hub", "ticket", ticket, "--json", "--data", desk.hub_data))["photos"]
        ].count(("before", caption)) == 1)


def swipe(desk, node, way):
    """A finger's stroke over a node, so many pixels to the right."""
    x, y = desk.middle(node)
    steps = [(x + way * i // 8, y) for i in range(9)]
    moves = [word for at in steps[1:] for word in ("mousemove", *map(str, at))]
    subprocess.run(["xdotool", "mousemove", *map(str, steps[0]), "mousedown", "1", *moves, "mouseup", "1"], check=True)


def near_and_far(desk, hands, store, ticket, check):
    attach(desk, store, ticket, 2, "before")
    first, second = (1, 2), (2, 2)
    onwards = 300 if hands.language == "he" else -300
    with check.point("keys enlarge the photo up to eight times, and make it small again", hands):
        open_photo(hands, "before")
        counted(hands, *first)
        for _ in range(6):
            desk.press("plus")
        hands.window.find("label", "^800%$")
        desk.press("minus")
        hands.window.find("label", "^533%$")
        # Arrows look around in it, and do not leave it.
        desk.press("Right")
        counted(hands, *first)
        for _ in range(5):
            desk.press("minus")
        hands.window.gone("label", "%$")
    with check.point("a double tap and the wheel enlarge it too; a stroke moves it and leaves it open", hands):
        photo = hands.window.find("image", hands.beginning("Photo before"))
        desk.point_at(photo)
        subprocess.run(["xdotool", "click", "--repeat", "2", "--delay", "60", "1"], check=True)
        hands.window.find("label", "^300%$")
        swipe(desk, photo, onwards)
        counted(hands, *first)
        subprocess.run(["xdotool", "keydown", "ctrl", "click", "4", "keyup", "ctrl"], check=True)
        hands.window.find("label", "^375%$")
        subprocess.run(["xdotool", "click", "--repeat", "2", "--delay", "60", "1"], check=True)
        hands.window.gone("label", "%$")
    with check.point("a stroke against the reading goes to the next photo, one with it comes back", hands):
        swipe(desk, photo, onwards)
        counted(hands, *second)
        swipe(desk, photo, -onwards)
        counted(hands, *first)
        desk.press("Left" if hands.language == "he" else "Right")
        counted(hands, *second)
    with check.point("words that are being written are kept when one goes on, and when one goes away", hands):
        def write(text):
            hands.tap("Write the caption")
            entry = hands.window.find("text|entry", hands.exactly("Caption"))
            entry.get_editable_text_iface().set_text_contents(text)

        def kept(n, text):
            wait_for("the caption to be kept", lambda: photos(desk, store, ticket)[n]["caption"] == text)

        write("1 2 3")
        hands.tap("Previous photo")
        counted(hands, *first)
        kept(1, "1 2 3")
        write("4 5 6")
        close = hands.window.all(BUTTON, f"^{hands.say.toolkit.gettext('Close')}$")[-1]
        close.get_action_iface().do_action(0)
        is_gone(hands)
        kept(0, "4 5 6")


def compare(desk, hands, store, ticket, check):
    with check.point("before and after cannot be compared while there is but one of them", hands):
        open_photo(hands, "before")
        hands.window.gone(BUTTON, hands.exactly("Compare"))
        leave(hands)
    attach(desk, store, ticket, 3, "after")
    with check.point("they stand in one frame, and keys and a finger move the line between them", hands):
        hands.find_photo("after", confirmed=True)
        open_photo(hands, "before")
        hands.tap("Compare")
        slider = hands.window.find("slider", hands.exactly("Between before and after"))
        hands.window.gone(BUTTON, hands.exactly("Write the caption"))
        # The title does not go on to count one of the two.
        wait_for("the window's title", lambda: desk.has_window(hands.say("Before and after the work")))
        at = slider.get_value_iface().get_current_value
        wait_for("the line in the middle", lambda: abs(at() - 0.5) < 0.01)
        wait_for("the slider to have the focus", lambda: slider.get_state_set().contains(Atspi.StateType.FOCUSED))
        desk.press("Left" if hands.language == "he" else "Right")
        wait_for("the line further on", lambda: abs(at() - 0.55) < 0.01)
        swipe(desk, slider, 200)
        # Its way is the picture's width, and the line is where its handle is.
        share = 0.5 + 200 / slider.place().width
        share = 1 - share if hands.language == "he" else share
        wait_for("the line under the finger", lambda: abs(at() - share) < 0.01)
        desk.press("Escape")
        hands.window.find(BUTTON, hands.exactly("Write the caption"))
        leave(hands)


def see_drawn(hands, n):
    """The photo that is drawn on, once there is so much on it."""
    one, more = "The photo with %u thing drawn on it", "The photo with %u things drawn on it"
    said = hands.say.own.ngettext(one, more, n) if hands.say.own else one if n == 1 else more
    return hands.window.find("image", f"^{said.replace('%u', str(n))}$")


def draw(desk, hands, store, ticket, check):
    before = photos(desk, store, ticket)
    caption = CAPTION[hands.language]

    with check.point("fingers and keys draw on a photo, and take back", hands):
        open_photo(hands, "before")
        hands.tap("Draw")
        pad = see_drawn(hands, 0)
        swipe(desk, pad, 120)
        see_drawn(hands, 1)
        hands.tap("Circle")
        swipe(desk, pad, -100)
        see_drawn(hands, 2)
        desk.press("Return")
        see_drawn(hands, 3)
        desk.press("Right")
        desk.press("shift+Down")
        desk.press("ctrl+z")
        see_drawn(hands, 2)
        hands.tap("Blur")
        swipe(desk, pad, 150)
        see_drawn(hands, 3)
        hands.tap("Undo", "drawing")
        see_drawn(hands, 2)
    with check.point("words are written and put where a finger taps", hands):
        hands.tap("Text", "drawing")
        entry = hands.window.find("text|entry", hands.exactly("Words on the photo"))
        desk.click_at(pad)
        wait_for("the words to be asked for", lambda: entry.get_state_set().contains(Atspi.StateType.FOCUSED))
        see_drawn(hands, 2)
        entry.get_editable_text_iface().set_text_contents(caption)
        desk.click_at(pad)
        see_drawn(hands, 3)
        hands.tap("Blur")
        desk.click_at(pad)
        desk.press("Return")
        see_drawn(hands, 4)
    with check.point("what was drawn does not go by Escape", hands):
        desk.press("Escape")
        hands.window.find("label", hands.exactly("Save the drawing, or cancel it"))
        see_drawn(hands, 4)
    with check.point("it is saved beside the photo, and the viewer shows it", hands):
        hands.tap("Save")
        hands.window.find("label", hands.exactly("Saved beside the photo, which stays as it is"))
        hands.window.find("image", f"{re.escape(hands.say('drawn on'))} · ")
        hands.window.find(BUTTON, hands.exactly("Write the caption"))
        after = photos(desk, store, ticket)
        equal([photo for photo in after if "of" not in photo], before, "the photos that were there")
        (drawing,) = [photo for photo in after if "of" in photo]
        (original,) = [photo for photo in before if photo["id"] == drawing["of"]]
        equal(drawing["layer"], DRAWN, "what is drawn")
        for member in ("role", "caption", "taken_at", "lat", "lon"):
            equal(drawing[member], original[member], member)
        if drawing["sha256"] == original["sha256"]:
            raise Failed("nothing is drawn")
        leave(hands)
        hands.window.find(BUTTON, f"{hands.beginning('Photo before')}, {re.escape(hands.say('drawn on'))}, ")
    with check.point("the hub has the drawing, with what it was drawn on", hands):
        def at_hub():
            there = json.loads(desk.run("shetach-hub", "ticket", ticket, "--json", "--data", desk.hub_data))
            return [photo for photo in there["photos"] if photo.get("of") and photo["state"] == "confirmed"]

        (photo,) = wait_for("the drawing at the hub", at_hub)
        equal((photo["of"], photo["layer"]), (original["id"], DRAWN), "the drawing at the hub")
    with check.point("a drawing that is cancelled leaves nothing", hands):
        open_photo(hands, "after")
        hands.tap("Draw")
        swipe(desk, see_drawn(hands, 0), 120)
        see_drawn(hands, 1)
        hands.tap("Cancel")
        hands.window.find(BUTTON, hands.exactly("Write the caption"))
        equal(len(photos(desk, store, ticket)), len(before) + 1, "the photos")
        leave(hands)


def choose_share(hands, what):
    """By keys: the tree tells places within the menu, not on the screen."""
    ways = ["Save a copy…", "Copy the picture", "Print…"]
    hands.desk.click_at(hands.window.find(BUTTON, hands.exactly("Share")))
    hands.window.find("label", hands.exactly("Not for residents: they get the blurred copy"))
    hands.window.find(None, hands.exactly(what))
    for key in ["Down"] * ways.index(what) + ["Return"]:
        hands.desk.press(key)


def name_copy(hands, path):
    """In GTK's own dialog the name that was proposed is selected: a path is written over it."""
    title = re.escape(hands.say("Save a copy of the photo"))
    hands.desk.point_at(hands.window.find("filler|dialog", hands.exactly("Save a copy of the photo")))
    hands.desk.press("ctrl+a")
    hands.desk.type(path)

    hands.desk.press_until_gone("Return", "the dialog", lambda: hands.desk.has_window(title))


def share(desk, hands, store, ticket, check):
    with check.point("a copy is saved as it is kept, and it is said what residents get", hands):
        open_photo(hands, "before")
        original = next(photo for photo in photos(desk, store, ticket) if photo["role"] == "before" and not photo.get("of"))
        copy = os.path.join(desk.folder, "copy.jpg")
        choose_share(hands, "Save a copy…")
        name_copy(hands, copy)
        wait_for("the copy", lambda: os.path.exists(copy) and os.path.getsize(copy) == original["size"])
        with open(copy, "rb") as file:
            equal(hashlib.sha256(file.read()).hexdigest(), original["sha256"], "the copy")
    with check.point("a photo is offered to the printers", hands):
        choose_share(hands, "Print…")
        title = hands.say.toolkit.gettext("Print")
        wait_for("the printers", lambda: desk.has_window(title))
        desk.press_until_gone("Escape", "the dialog", lambda: desk.has_window(title))
        leave(hands)


def gallery(desk, language, check):
    store = desk.make_store()
    ticket = first_ticket(desk, store)
    attach(desk, store, ticket, 1, "before")
    choose(store, page="work", ticket=ticket)
    hands = Hands(desk, store, language)
    words(desk, hands, store, ticket, check)
    near_and_far(desk, hands, store, ticket, check)
    compare(desk, hands, store, ticket, check)
    draw(desk, hands, store, ticket, check)
    share(desk, hands, store, ticket, check)
    with check.point("the window closes well", hands):
        hands.close()
    with check.point("the viewer with all of this in it leaks nothing", hands):
        def look_at_all():
            open_photo(hands, "before")
            desk.press("plus")
            hands.tap("Compare")
            hands.window.find("slider", hands.exactly("Between before and after"))
            hands.tap("Compare")
            hands.tap("Draw")
            swipe(desk, see_drawn(hands, 0), 120)
            hands.tap("Cancel")
            leave(hands)

        hands.leaks_nothing(look_at_all)


def main(build, language, size):
    check = tap.Tap()
    desk = Desk(build, *map(int, size.split("x")))
    try:
        gallery(desk, language, check)
    finally:
        desk.close()
    check.end()


main(*sys.argv[1:])
