# SPDX-License-Identifier: GPL-3.0-or-later
"""What a worker does in the window: each thing is found by its role and by the word that the window shows
for it in the worker's language."""

import configparser
import contextlib
import gettext
import json
import os
import re
import shutil
import signal

from harness import PATIENCE_S, Failed, wait_for

BUTTON = "push button|toggle button"
# Libraries are built without frame pointers: only the slow way through the stack tells more of a leak than its last
# function, and a window takes nine times as long by it.
LEAKS = ":verify_asan_link_order=0"
NAMED_LEAKS = LEAKS + ":fast_unwind_on_malloc=0:malloc_context_size=20"
NO_LEAKS = ":detect_leaks=0"
OPTIONS = {"he": "--hebrew", "ar": "--arabic", "ru": "--russian", "en": "--english"}
TOWN = os.path.join(os.path.dirname(__file__), "..", "..", "data", "sample", "town.json")
CONFIRMED = "Confirmed by the hub"
WAITING = ("On this tablet, not sent yet", "Sent, not confirmed yet")


class Words:
    """The interface's own words, from the catalogue that the window reads."""

    def __init__(self, build, language):
        self.language = language
        self.own = None if language == "en" else gettext.translation("shetach", os.path.join(build, "po"), [language])
        # The toolkit's catalogues need not be installed.
        self.toolkit = gettext.translation("gtk40", languages=[language], fallback=True)

    def __call__(self, text, context=None):
        if self.own is None:
            return text
        said = self.own.pgettext(context, text) if context else self.own.gettext(text)
        if said == text:
            raise Failed(f"“{text}” has no word in {self.language}")
        return said


class Hands:
    """A worker at one tablet."""

    def __init__(self, desk, store, language):
        self.desk, self.store, self.language = desk, store, language
        self.say = Words(desk.build, language)
        self.process = self.window = None
        self.log = os.path.join(desk.folder, f"window-{os.path.basename(store)}.log")

    # --- the window itself ---

    def open(self, sanitizer=NO_LEAKS, **environment):
        """Opens the window; with leaks, its end tells what was not freed."""
        env = {**os.environ, **environment,
               "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + sanitizer + (LEAKS if environment else "")}
        if sanitizer != NO_LEAKS:
            env["LD_PRELOAD"] = os.path.join(self.desk.build, "tests/ui/libkeep-loaded.so")
        with open(self.log, "a", encoding="utf-8") as log:
            self.process, self.window = self.desk.open(self.store, OPTIONS[self.language], stderr=log, env=env)
        return self.window

    def kill(self):
        self.desk.stop(self.process, signal.SIGKILL)

    def close(self):
        """Closes the window by its own button; the program ends well and has had nothing to complain of."""
        self.window.find(BUTTON, f"^{self.say.toolkit.gettext('Close')}$").get_action_iface().do_action(0)
        wait_for("the program's end", lambda: self.process.poll() is not None, 2 * PATIENCE_S)
        self.desk.stop(self.process)
        self.check_log()
        if self.process.returncode != 0:
            raise Failed(f"the window's program ended with {self.process.returncode}")

    def leaks_nothing(self, use):
        """Opens the window, uses it, and closes it. Where anything is left, it is done again, slowly: that tells what it
        is, and whether leaks.supp knows it."""
        self.open(LEAKS)
        use()
        try:
            self.close()
        except Failed:
            if "LeakSanitizer" not in self.read_log():
                raise
            os.truncate(self.log, 0)
            self.open(NAMED_LEAKS)
            use()
            self.close()

    def read_log(self):
        with open(self.log, encoding="utf-8", errors="replace") as log:
            return log.read()

    def check_log(self):
        complaint = re.search(r".*(Sanitizer|runtime error|CRITICAL).*", self.read_log())
        if complaint:
            raise Failed(f"the window's program complained: {complaint.group(0)}")

    def tell(self):
        """What is seen, and what the program said, for whoever looks why a test failed."""
        with contextlib.suppress(Exception):  # the window may be gone
            for role, name in self.window.names():
                if name:
                    print(f"# seen: {role} “{name}”")
        for line in self.read_log().splitlines()[-60:]:
            print("# said:", line)

    # --- finding and touching ---

    def exactly(self, text, context=None):
        return f"^{re.escape(self.say(text, context))}$"

    def beginning(self, text, context=None):
        return f"^{re.escape(self.say(text, context))}"

    def like(self, text, plural=None):
        """A pattern for words with numbers and names in them, whatever these are."""
        said = [self.say(text)] if plural is None else [
            self.say.own.ngettext(text, plural, n) if self.say.own else (text, plural)[n != 1] for n in (1, 2, 3, 5, 11, 100)]
        return "^(" + "|".join(".+".join(map(re.escape, re.split("%[a-z]", one))) for one in dict.fromkeys(said)) + ")$"

    def named(self, kind, code):
        """The name of one of the sample town's services or crews."""
        with open(TOWN, encoding="utf-8") as file:
            return next(one["names"] for one in json.load(file)[kind] if one["id"] == code)[self.language]

    def service(self, code):
        """A pattern for the name of one of the sample town's services."""
        return f"^{re.escape(self.named('services', code))}$"

    def tap(self, text, context=None):
        return self.window.click(BUTTON, self.exactly(text, context))

    def go_to(self, page):
        """To a page of the rail; the one for Sync may tell in its name how much waits."""
        back = self.exactly("Back")
        # In portrait an open ticket has the window to itself.
        if self.desk.width < self.desk.height and self.window.all(BUTTON, back):
            self.window.click(BUTTON, back)
            self.window.gone(BUTTON, back)
        self.window.click(BUTTON, self.beginning(page))

    def cards(self):
        """My work's cards on the screen; the rows of other lists have names too."""
        work = self.window.all("list", self.exactly("My work"))
        return self.window.all("list item", top=work[0]) if work else []

    def filter(self, chip):
        """Taps one of My work's chips, which tell how many there are."""
        self.window.click(BUTTON, f"{self.beginning(chip, 'filter')} +[0-9]+$")

    def search(self, text):
        self.tap("Search")
        entry = self.window.find("entry|text", self.exactly("Search tickets"))
        entry.get_editable_text_iface().set_text_contents(text)
        wait_for("the one card", lambda: len(self.cards()) == 1)

    def open_card(self, beginning):
        """Opens the first card whose name begins so; the wheel turns until it is in sight."""
        def found():
            cards = self.cards()
            fitting = [card for card in cards if card.name.startswith(beginning) and self.desk.reaches(card)]
            if not fitting and cards:
                self.desk.turn_wheel(cards[len(cards) // 2])
            return fitting

        self.desk.click_at(wait_for(f"the card “{beginning}”", found)[0])
        self.window.find(BUTTON, self.exactly("Back"))

    def open_first(self, status):
        """Opens the first ticket of that status in My work.

        Returns: what its card's name begins with, and its id"""
        status = f", {self.say(status, 'status')}, "
        name = wait_for(f"a card of a ticket{status}",
                        lambda: [card.name for card in self.cards() if status in card.name])[0]
        self.open_card(name[:name.index(status)])
        return name[:name.index(status)], self.open_ticket()

    def answer_toast(self, text):
        """A toast's button tells its word twice."""
        self.window.click(BUTTON, self.on_toast(text))

    def on_toast(self, text):
        return f"^{self.say(text)}( {self.say(text)})?$"

    def hold_toast(self, text):
        """A toast stays as long as the pointer is on it."""
        self.desk.point_at(self.window.find(BUTTON, self.on_toast(text)))

    def open_ticket(self):
        """The id of the open ticket, as the window keeps it for its next start."""
        def kept():
            file = configparser.ConfigParser()
            file.read(os.path.join(self.store, "window.ini"))
            return file.get("window", "ticket", fallback="")

        return wait_for("the ticket to be kept", kept)

    # --- on the ticket page ---

    def write_note(self, text):
        note = self.window.find("text", self.exactly("Note"))
        note.get_editable_text_iface().set_text_contents(text)
        self.tap("Add note")
        self.window.find("label", f"^{re.escape(text)}$")
        note = self.window.find("text", self.exactly("Note"))
        wait_for("the note's box to be empty", lambda: note.get_text_iface().get_character_count() == 0)

    def choose_file(self, title, path):
        """GTK's own dialog is up: its list of files tells the tree nothing, but a path can be written there."""
        dialog = self.window.find("filler|dialog", self.exactly(title))
        self.desk.point_at(dialog)
        self.desk.press("ctrl+l")
        entry = self.window.find("text", "^GtkFileChooserEntry$")
        entry.get_editable_text_iface().set_text_contents(path)
        wait_for("the path to be written",
                 lambda: entry.get_text_iface().get_character_count() == len(path))

        # It takes no answer while it still reads the folder. The tree is left alone meanwhile: GTK 4.8 crashes
        # when it is asked for the parent of what is just being taken down.
        self.desk.press_until_gone("Return", "the dialog", lambda: self.desk.has_window(re.escape(self.say(title))))

    def take_picture(self, path):
        """Puts a picture where the camera would."""
        shutil.copy(path, self.desk.pictures)

    def choose_picture(self, title, path):
        """Taps on a picture's tile in the chooser that is open."""
        self.window.find("label", self.exactly(title))
        self.window.click(BUTTON, os.path.basename(path))

    def counted(self, one, many, n):
        """A pattern for words that tell how many."""
        said = self.say.own.ngettext(one, many, n) if self.say.own else (one, many)[n != 1]
        return f"^{re.escape(said.replace('%u', str(n)))}$"

    def add_words(self, n):
        """A pattern for the button that adds so many pictures."""
        return self.counted("Add %u photo", "Add %u photos", n)

    def attach(self, role, path):
        add, title = {"before": ("Add a photo before", "Photos before the work"),
                      "after": ("Add a photo after", "Photos after the work")}[role]
        self.take_picture(path)
        self.tap(add)
        self.choose_picture(title, path)
        self.window.click(BUTTON, self.add_words(1))
        self.window.gone("label", self.exactly(title))

    def marked(self, confirmed):
        """A pattern for the end of a name: ● or, else, ○ and ◐."""
        words = [CONFIRMED] if confirmed else WAITING
        return f"({'|'.join(re.escape(self.say(word)) for word in words)})$"

    def find_photo(self, role, confirmed=False):
        """A photo's tile, with that mark."""
        word = {"before": "Photo before", "after": "Photo after"}[role]
        return self.window.find(BUTTON, f"^{re.escape(self.say(word))}, .*, {self.marked(confirmed)}")

    def count_steps(self, confirmed=False):
        """How many steps and photos of the open ticket are seen with that mark."""
        return len(self.window.all("image", f"^{self.marked(confirmed)}"))
