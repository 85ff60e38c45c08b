# SPDX-License-Identifier: GPL-3.0-or-later
"""What is done in the window until it shows a scene. Everything is found by the English words of the source, said in the
window's language."""

import glob
import os
import re
import subprocess
import time

from hands import BUTTON
from harness import wait_for

SENSITIVE = 24  # of AT-SPI's states
SETTLE_S = 1.0


def rest(settles=1.0):
    time.sleep(settles * SETTLE_S)


def tap(*texts):
    """Taps these one after another, by their actions."""
    def act(hands):
        for text in texts:
            hands.tap(text)
            rest()
    return act


def press_keys(*keys):
    def act(hands):
        for key in keys:
            hands.desk.press(key)
            rest()
    return act


def click_on(hands, text, context=None):
    """With the pointer, which then shows where it is."""
    hands.desk.click_at(hands.window.find(BUTTON, hands.exactly(text, context)))


def click(text, context=None):
    return lambda hands: click_on(hands, text, context)


def go_down(notches=60):
    """The wheel, over the trailing edge: that is the open ticket's, or the page's where there is none."""
    def act(hands):
        desk = hands.desk
        x = 10 if hands.language in ("he", "ar") else desk.width - 10
        subprocess.run(["xdotool", "mousemove", str(x), str(desk.height * 6 // 10), "click", "--repeat", str(notches), "5"],
                       check=True)
        rest()
    return act


def height_at_rest(desk, node, before=None):
    """Where its middle is, once it has moved away from where it was before, if it does, and stands still."""
    last = before
    for _ in range(30):
        rest(0.1)
        y = desk.middle(node)[1]
        if y == last and y != before:
            break
        last = y
    return last


def bring(find, low=0.12, high=0.9):
    """The wheel, until the middle of what find(hands) gives is between these parts of the screen's height, or the page's end
    is reached. The trailing edge of the window is the open ticket's."""
    def act(hands):
        desk = hands.desk
        x = 10 if hands.language in ("he", "ar") else desk.width - 10
        subprocess.run(["xdotool", "mousemove", str(x), str(desk.height * 6 // 10)], check=True)
        node = wait_for("what is to be seen", lambda: find(hands), 30)
        wanted, notches, step = (low + high) / 2 * desk.height, 1, None
        y = height_at_rest(desk, node)
        for _ in range(12):
            if low * desk.height <= y <= high * desk.height:
                break
            subprocess.run(["xdotool", "click", "--repeat", str(notches), "5" if y > wanted else "4"], check=True)
            before, y = y, height_at_rest(desk, node, y)
            if y == before:
                break
            step = step or abs(y - before) / notches
            notches = max(1, round(abs(y - wanted) / step))
        rest()
    return act


def words(text, role="label", begin="^"):
    """What begins with these words of the source (or has them, without a beginning), up to where they take a name or a number."""
    def find(hands):
        found = hands.window.all(role, begin + re.escape(re.split("%[a-z]", hands.say(text))[0]))
        return found[0] if found else None
    return find


def counted_words(one, more):
    def find(hands):
        found = hands.window.all("label", hands.like(one, more))
        return found[0] if found else None
    return find


def scroll_window(hands):
    """The wheel, over a window that has just come."""
    subprocess.run(["xdotool", "mousemove", "280", "400", "click", "--repeat", "40", "5"], check=True)
    rest()


def and_then(*acts):
    def act(hands):
        for one in acts:
            one(hands)
    return act


def view_all(hands):
    hands.window.click("push button", hands.like("All %u photo", "All %u photos"))


def only_waiting(hands):
    hands.filter("Waiting")


def ask_more(hands):
    hands.window.click(BUTTON, hands.service("road-hole"))
    hands.tap("More questions (optional)")
    go_down(9)(hands)


def raise_obstacle(hands):
    hands.tap("Something is in the way…")
    rest()
    hands.window.click(BUTTON, hands.exactly("No way in", "obstacle"))


def search_place(words):
    def act(hands):
        hands.desk.click_at(hands.window.find(None, hands.exactly("Find a place")))
        rest()
        hands.desk.type(words)
    return act


def find_place(code):
    def act(hands):
        search_place(code)(hands)
        rest()
        hands.desk.press("Return")
        rest()
    return act


def choose_layers(hands):
    hands.desk.click_at(hands.window.find(None, hands.exactly("What the map shows")))


def read_note(hands):
    hands.window.click(BUTTON, hands.like("About the district: %s"))


def own_mark(hands):
    """The first step that was not confirmed: the tablet's own tell more than the hub's."""
    found = hands.window.all("push button", ": " + hands.marked(False))
    return found[0] if found else None


def press_mark(hands):
    """A mark out of sight cannot be tapped, and what it tells has to have room."""
    bring(own_mark, 0.12, 0.75)(hands)
    hands.desk.click_at(own_mark(hands))


def choose_photos(hands):
    hands.tap("Add a photo before")
    rest(2)
    for name in ("IMG_0003", "IMG_0005"):
        hands.window.click(BUTTON, name)


def choose_none(hands):
    for path in glob.glob(os.path.join(hands.desk.pictures, "*")):
        os.remove(path)
    hands.tap("Photo")


def wait_for_camera(hands):
    shutter = hands.window.find("push button", hands.exactly("Take the photo"))
    wait_for("the live picture", lambda: shutter.get_state_set().contains(SENSITIVE), 30)


def use_camera(hands):
    hands.tap("Add a photo before")
    wait_for_camera(hands)
    hands.tap("Take the photo")
    hands.window.find("push button", hands.counted("Done: %u photo", "Done: %u photos", 1))


def use_ghost(hands):
    hands.tap("Add a photo after")
    hands.tap("Show the photo before over the camera’s picture")
    wait_for_camera(hands)


def record_voice(hands):
    hands.tap("Voice note…")
    hands.tap("Record")
    wait_for("the recording to go on", lambda: hands.window.all("label", "0:0[1-9] / 5:00"), 30)


def review_voice(hands):
    record_voice(hands)
    hands.tap("Stop")
    hands.window.find("push button", hands.exactly("Keep"), 30)


def find_no_microphone(hands):
    hands.tap("Voice note…")
    hands.tap("Record")
    hands.window.find("label", hands.exactly("No microphone answers"), 30)


def help_topic(n):
    """So many rows below the list's first. Where there is no room beside the page, the list is a step back."""
    def act(hands):
        hands.desk.press("F1")
        rest()
        if hands.window.all(BUTTON, hands.exactly("Back")):
            hands.tap("Back")
            rest(0.5)
        for key in ("Home", *["Down"] * n, "Return"):
            hands.desk.press(key)
    return act


def open_help_below(hands):
    """The help of this page, down to its end."""
    hands.desk.press("F1")
    rest()
    scroll_window(hands)


def open_preferences_below(hands):
    hands.desk.press("ctrl+comma")
    rest()
    scroll_window(hands)


def choose_in_menu(item):
    def act(hands):
        click_on(hands, "Menu")
        hands.window.click("menu item", hands.exactly(item))
    return act


def view_photo(hands):
    hands.window.click("push button", hands.beginning("Photo after") + ", ")
    rest()


def draw_on_photo(hands):
    view_photo(hands)
    hands.tap("Draw")
    for tool, context, strokes in (("Arrow", None, ((-220, -150, 0, -20),)), ("Circle", None, ((-120, 40, 150, 160),)),
                                   ("Blur", None, ((120, -160, 220, -60),)), ("Text", "drawing", ((0, -190, 0, -190),))):
        hands.window.click(BUTTON, hands.exactly(tool, context))
        if tool == "Text":
            entry = hands.window.find("text|entry", hands.exactly("Words on the photo"))
            entry.get_editable_text_iface().set_text_contents("בור 40 ס״מ")
        photo = hands.window.find("image", hands.like("The photo with %u thing drawn on it", "The photo with %u things drawn on it"))
        x, y = hands.desk.middle(photo)
        for x0, y0, x1, y1 in strokes:
            subprocess.run(["xdotool", "mousemove", str(x + x0), str(y + y0), "mousedown", "1", "mousemove",
                            str(x + (x0 + x1) // 2), str(y + (y0 + y1) // 2), "mousemove", str(x + x1), str(y + y1),
                            "mouseup", "1"], check=True)
        rest(0.5)


def pick_crew(crew):
    """In the dialog that asks for one."""
    def act(hands):
        hands.desk.click_at(hands.window.find("list item", f"^{hands.named('crews', crew)}$"))
        hands.window.gone("label", hands.exactly("Which crew's work?"))
    return act


def choose_stop(hands):
    hands.tap("Today's route")
    rest()
    hands.desk.click_at(hands.window.find("list item", "^2\\. "))


def type_wrong(hands):
    for _ in range(3):
        for digit in "1234":
            hands.window.click("push button", f"^{digit}$")
        hands.tap("Done typing")
        rest()


def tick_two(hands):
    for node in hands.window.all("check box")[:2]:
        hands.desk.click_at(node)


def scan_code(hands):
    hands.tap("Scan the code")
    rest(2)


def go_down_preferences(hands):
    hands.desk.press("ctrl+comma")
    hands.desk.turn_wheel(hands.window.find(None, hands.exactly("Position")))
    for _ in range(8):
        subprocess.run(["xdotool", "click", "5"], check=True)
