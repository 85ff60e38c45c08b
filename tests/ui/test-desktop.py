#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test-desktop.py BUILD: what a desktop expects of a program: started by D-Bus, one for each store, its keys, its help, and the
file for whoever looks for a fault."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile

import tap

tap.need("Xvfb", "dbus-daemon", "xdotool", "gdbus")
try:
    from hands import OPTIONS, Hands, Words
    from harness import Desk, Failed, Tree, Window, choose, wait_for
except (ImportError, ValueError) as missing:
    tap.skip(missing)

NAME, PATH = "org.shetach.Shetach", "/org/shetach/Shetach"


def offer_service(build, data):
    """Lets the bus find the program that was built where it would find the one that is installed."""
    folder = os.path.join(data, "dbus-1", "services")
    os.makedirs(folder)
    with open(os.path.join(build, "data", f"{NAME}.service"), encoding="utf-8") as file:
        text = file.read()
    if not re.search(r"^Exec=/\S+/shetach --gapplication-service$", text, re.M):
        raise Failed(text)
    with open(os.path.join(folder, f"{NAME}.service"), "w", encoding="utf-8") as file:
        file.write(re.sub(r"^Exec=\S+/", f"Exec={build}/app/tablet/ui/", text, flags=re.M))


def call(method, *arguments):
    subprocess.run(["gdbus", "call", "--session", "--dest", NAME, "--object-path", PATH, "--method",
                    f"org.freedesktop.Application.{method}", *arguments], check=True, stdout=subprocess.DEVNULL)


def owner():
    """The process that has the name on the bus, if any."""
    done = subprocess.run(["gdbus", "call", "--session", "--dest", "org.freedesktop.DBus", "--object-path", "/", "--method",
                           "org.freedesktop.DBus.GetConnectionUnixProcessID", NAME], text=True, capture_output=True)
    found = re.search(r"uint32 (\d+)", done.stdout)
    return int(found.group(1)) if found else None


def shown(store):
    with open(os.path.join(store, "window.ini"), encoding="utf-8") as file:
        return dict(line.strip().split("=", 1) for line in file if "=" in line)


def main(build):
    check = tap.Tap()
    build = os.path.abspath(build)
    data = tempfile.mkdtemp(prefix="shetach-data-")
    os.environ["XDG_DATA_HOME"] = data
    offer_service(build, data)
    desk = Desk(build)
    try:
        say = Words(build, "he")
        other = desk.make_store()
        # The usual store, as whoever has installed the program has it.
        store = shutil.copytree(other, os.path.join(data, "shetach"))
        choose(store, page="work", ticket="", language="he")
        tickets = desk.run("shetachctl", "--store", store, "list", "--limit", "2").split("\n")
        tickets = [re.search(r"[0-9a-f-]{36}", desk.run("shetachctl", "--store", store, "show", line.split()[0], "--json")).group()
                   for line in tickets[:2]]

        with check.point("it tells how it is used, and what is wrong, without a display"):
            bare = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
            told = subprocess.run([desk.program("shetach"), "--help"], env=bare, capture_output=True, text=True).stdout
            for word in ("--store", "--hebrew", "--size", "--version", "--gapplication-service", "SHETACH_STORE", "Exit status"):
                if word not in told:
                    raise Failed(f"--help says nothing of {word}: {told}")
            none = subprocess.run([desk.program("shetach"), "--store", "/proc/none"], env=bare, capture_output=True, text=True)
            if none.returncode != 1 or not re.fullmatch(r"shetach: .+\n", none.stderr):
                raise Failed(none)
        hands = Hands(desk, shutil.copytree(other, os.path.join(desk.folder, "leaks")), "he")
        with check.point("what was opened and closed leaves nothing behind", hands):

            def open_and_close():
                hands.window.find("list", hands.exactly("My work"))
                for key, title in (("F1", "Help"), ("ctrl+question", "Keyboard shortcuts"), ("ctrl+comma", "Preferences")):
                    desk.press(key)
                    wait_for(title, lambda: desk.has_window(re.escape(say(title))))
                    desk.press_until_gone("Escape", title, lambda: desk.has_window(re.escape(say(title))))

            hands.leaks_nothing(open_and_close)

        with check.point("what the town has set by GSettings holds where nothing was chosen"):
            folder = os.path.join(desk.folder, "glib-2.0", "settings")
            os.makedirs(folder)
            with open(os.path.join(folder, "keyfile"), "w", encoding="utf-8") as file:
                file.write(f"[{PATH[1:]}]\nlanguage='ru'\n")
            for chosen, language in (("", "ru"), ("he", "he")):
                choose(other, language=chosen)
                process, own = desk.open(other, env={**os.environ, "GSETTINGS_BACKEND": "keyfile"})
                own.find("list", f"^{Words(build, language)('My work')}$")
                desk.stop(process)

        def window():
            pid = wait_for("the program", owner)
            return Window(Tree(desk.bus, wait_for("its window", lambda: desk.bus.name_of(pid))))

        with check.point("D-Bus starts it, in the language that was chosen"):
            call("Activate", "{}")
            desk.window = window()
            desk.window.find("list", f"^{say('My work')}$")
            pid = owner()
        with check.point("started again it shows the window that is there"):
            again = subprocess.run([desk.program("shetach")], capture_output=True, text=True, timeout=60)
            if again.returncode or again.stderr.strip() or owner() != pid:
                raise Failed(again)
            if len(desk.window.all("frame")) != 1:
                raise Failed(desk.window.names())
        with check.point("another store has a program of its own"):
            process, own = desk.open(other, OPTIONS["he"])
            own.find("list", f"^{say('My work')}$")
            if owner() != pid:
                raise Failed("the usual store's program has gone")
            desk.stop(process)
            desk.window = window()
        with check.point("an action of the desktop's opens a ticket"):
            call("ActivateAction", "show-ticket", f"[<'{tickets[0]}'>]", "{}")
            wait_for("the ticket", lambda: shown(store).get("ticket") == tickets[0])
        with check.point("and starts the program for it"):
            call("ActivateAction", "quit", "[]", "{}")
            wait_for("the program's end", lambda: owner() is None)
            call("ActivateAction", "show-ticket", f"[<'{tickets[1]}'>]", "{}")
            desk.window = window()
            wait_for("the ticket", lambda: shown(store).get("ticket") == tickets[1])
            desk.window.find("push button", f"^{say('Back')}$")
        with check.point("help opens at the page that one is on, and is searched"):
            for key, title in (("F1", "A ticket from start to done"), ("alt+2", "Map and route"), ("alt+4", "Obstacles"),
                               ("alt+5", "Figures")):
                if key != "F1":
                    desk.press(key)
                    desk.press("F1")
                else:
                    desk.press(key)
                desk.window.find("label", f"^{re.escape(say(title))}$")
                rows = desk.window.find("list", f"^{say('Help')}$")
                if len(desk.window.all("list item", top=rows)) != 10:
                    raise Failed("not all pages of help are listed")
                desk.press_until_gone("Escape", "the help", lambda: desk.has_window(re.escape(say("Help"))))
            desk.press("F1")
            entry = desk.window.find("entry|text", f"^{say('Search in the help')}$")
            entry.get_editable_text_iface().set_text_contents(say("Large things go last"))
            rows = desk.window.find("list", f"^{say('Help')}$")
            wait_for("the one page", lambda: [row.name for row in desk.window.all("list item", top=rows)]
                     == [say("Photos and voice")])
            desk.press_until_gone("Escape", "the help", lambda: desk.has_window(re.escape(say("Help"))))
        with check.point("every key of the pages does what the list of keys says"):
            desk.press("ctrl+question")
            keys = say("Keyboard shortcuts")
            desk.window.find("label", f"^{keys}$")
            for title in ("My work", "Search tickets", "Add note", "Today's route"):
                desk.window.find("label", f"^{re.escape(say(title))}$")
            desk.press_until_gone("Escape", "the list of keys", lambda: desk.has_window(re.escape(keys)))
            for key, page in (("alt+1", "work"), ("alt+2", "map"), ("alt+3", "report"), ("alt+4", "forum"), ("alt+5", "figures"),
                              ("alt+6", "sync"), ("ctrl+n", "report"), ("ctrl+f", "work")):
                desk.press(key)
                wait_for(f"{key}: {page}", lambda: shown(store).get("page") == page)
        with check.point("the menu saves a diagnosis file, which can be read"):
            path = os.path.join(desk.folder, "what-is-wrong.tar.gz")
            desk.window.find("toggle button|push button", f"^{say('Menu')}$")
            call("ActivateAction", "diagnose", "[]", "{}")
            # The dialog's buttons tell their words twice.
            desk.window.click("push button", f"^{re.escape(say('Save…'))}( |$)")
            title = say("Where to save the diagnostics file")
            desk.window.find("filler|dialog", f"^{title}$")
            entry = wait_for("the file's name", lambda: [node for node in desk.window.all("text") if node.get_text_iface()
                             and "shetach-diagnosis" in node.get_text_iface().get_text(0, node.get_text_iface().get_character_count())])[0]
            entry.get_editable_text_iface().set_text_contents(path)
            desk.press_until_gone("Return", "the dialog", lambda: desk.has_window(re.escape(title)))
            wait_for("the file", lambda: os.path.exists(path))
            with tarfile.open(path) as archive:
                texts = {os.path.basename(name): archive.extractfile(name).read().decode() for name in archive.getnames()}
            if sorted(texts) != ["README.txt", "lanes.txt", "log.txt", "tablet.txt", "window.txt"]:
                raise Failed(sorted(texts))
            for name, words in (("tablet.txt", "schema +[0-9]+"), ("tablet.txt", "faults found by SQLite +0"),
                                ("lanes.txt", "steps: "), ("window.txt", "GTK +4"), ("window.txt", "renderer +Gsk")):
                if not re.search(words, texts[name]):
                    raise Failed(f"{name} does not say {words}: {texts[name]}")
    except Failed:
        raise
    finally:
        pid = owner()
        if pid:
            call("ActivateAction", "quit", "[]", "{}")
            wait_for("the program's end", lambda: owner() is None)
        desk.close()
        shutil.rmtree(data, ignore_errors=True)
    check.end()


main(*sys.argv[1:])
