# SPDX-License-Identifier: GPL-3.0-or-later
"""A screen of one's own for the window: Xvfb, a session bus, a hub with the sample town and a tablet's
store; the window is looked at and used through the accessibility tree, as a screen reader does."""

import configparser
import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time

from gi.repository import GLib

from tree import Bus, Tree

# Some services ask for photos and answers before a ticket is done; what is said where there are none.
NO_PHOTOS = ("--without-photo", "before", "--without-photo", "after", "--without-answers", "--reason", "nobody had a camera")


class Failed(Exception):
    pass


# For whatever a machine does: all is well long before that, unless others keep it busy.
PATIENCE_S = 120
PAUSE_S = 0.03
# 250 ms, and the timer's own grain.
PRESSED_S = 0.255


def wait_for(what, condition, seconds=PATIENCE_S):
    """Waits until condition() gives something, and returns that."""
    end = time.monotonic() + seconds
    while True:
        begun = time.monotonic()
        found = condition()
        if found:
            return found
        now = time.monotonic()
        if now > end:
            raise Failed(f"waited {seconds} s in vain for {what}")
        # Whoever is looked at has something better to do half of the time.
        time.sleep(max(PAUSE_S, now - begun))


def read_line(process, pattern, seconds=PATIENCE_S):
    """The first match of pattern in what a process prints."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        line = process.stdout.readline()
        if not line:
            break
        found = re.search(pattern, line)
        if found:
            return found
    raise Failed(f"{process.args[0]} did not say {pattern}")


class Desk:
    """Everything that a window needs, gone at the end."""

    def __init__(self, build, width=1280, height=800):
        self.build = os.path.abspath(build)
        self.folder = tempfile.mkdtemp(prefix="shetach-ui-")
        self.running = []
        self.hub = self.window = None
        self.width, self.height = width, height
        self._screen()
        self._bus()

    def start(self, *argv, **more):
        process = subprocess.Popen(argv, text=True, **more)
        self.running.append(process)
        return process

    def stop(self, process, how=signal.SIGTERM):
        if process in self.running:
            self.running.remove(process)
        if process.poll() is None:
            process.send_signal(how)
            try:
                process.wait(PATIENCE_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def close(self):
        for process in reversed(list(self.running)):
            self.stop(process)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _screen(self):
        # The X server chooses a free display by itself and tells it.
        server = self.start("Xvfb", "-displayfd", "1", "-screen", "0", f"{self.width}x{self.height}x24",
                            "-nolisten", "tcp", "-noreset", stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        os.environ["DISPLAY"] = ":" + read_line(server, r"(\d+)").group(1)
        os.environ["GDK_BACKEND"] = "x11"
        for name in ("WAYLAND_DISPLAY", "AT_SPI_BUS_ADDRESS"):
            os.environ.pop(name, None)

    def _bus(self):
        runtime = os.path.join(self.folder, "run")
        os.mkdir(runtime, 0o700)
        # What a portal mounts in the runtime folder would be a stick, if that folder were at home.
        home = os.path.join(self.folder, "home")
        os.mkdir(home)
        # The tablet's own pictures: what a test puts there can be chosen in the window.
        os.mkdir(self.pictures)
        with open(os.path.join(self.folder, "user-dirs.dirs"), "w", encoding="utf-8") as file:
            file.write(f'XDG_PICTURES_DIR="{self.pictures}"\nXDG_DOWNLOAD_DIR="{self.folder}/none"\n')
        os.environ.update(HOME=home, XDG_RUNTIME_DIR=runtime, LC_ALL="C.UTF-8", TZ="Asia/Jerusalem",
                          XDG_CONFIG_HOME=self.folder, XDG_CACHE_HOME=self.folder, GSK_RENDERER="cairo",
                          GSETTINGS_BACKEND="memory",
                          # Where this machine is, how full its battery, or what lies at home, is nothing to a test.
                          DBUS_SYSTEM_BUS_ADDRESS=f"unix:path={self.folder}/no-system-bus",
                          SHETACH_IMAGE_HELPER=os.path.join(self.build, "app/platform/shetach-image"))
        for name in ("LANGUAGE", "GTK_A11Y", "NO_AT_BRIDGE"):
            os.environ.pop(name, None)
        bus = self.start("dbus-daemon", "--session", "--nofork", "--print-address=1", stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL)
        os.environ["DBUS_SESSION_BUS_ADDRESS"] = read_line(bus, r"(unix:\S+)").group(1)
        # The accessibility bus and its registry are started by their first callers. The window must find both
        # there: one that comes while the registry starts may never be in the tree.
        told = subprocess.run(["gdbus", "call", "--session", "--dest", "org.a11y.Bus", "--object-path",
                               "/org/a11y/bus", "--method", "org.a11y.Bus.GetAddress"], check=True, text=True,
                              stdout=subprocess.PIPE).stdout
        self.bus = Bus(re.search(r"'(.*)'", told).group(1))
        self.bus.name_of(os.getpid())

    @property
    def pictures(self):
        return os.path.join(self.folder, "Pictures")

    # --- where the tablet is ---

    def make_system_bus(self):
        """A system bus of one's own, for programs that are started from now on."""
        bus = self.start("dbus-daemon", "--session", "--nofork", "--print-address=1", stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL)
        os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = read_line(bus, r"(unix:\S+)").group(1)

    @property
    def place(self):
        return os.path.join(self.folder, "place.json")

    def stand(self, **place):
        """Says where the tablet is, as tests/ui/geoclue.py takes it."""
        with open(self.place + ".new", "w", encoding="utf-8") as file:
            json.dump(place, file)
        os.replace(self.place + ".new", self.place)

    def start_geoclue(self):
        """A GeoClue that says where desk.stand() has put the tablet."""
        geoclue = self.start(os.path.join(os.path.dirname(__file__), "geoclue.py"), self.place, stdout=subprocess.PIPE)
        read_line(geoclue, r"here")
        return geoclue

    # --- hub and store ---

    def program(self, name):
        where = {"shetach-hub": "app/hub", "shetachctl": "app/tablet", "shetach": "app/tablet/ui"}[name]
        return os.path.join(self.build, where, name)

    def run(self, name, *argv):
        done = subprocess.run([self.program(name), *argv], text=True, capture_output=True, timeout=600)
        if done.returncode != 0:
            raise Failed(f"{name} {' '.join(argv)}: {done.stderr.strip() or done.stdout.strip()}")
        return done.stdout

    @property
    def hub_data(self):
        return os.path.join(self.folder, "hub")

    # What is on a tablet has to be the same on every day: at least seven tickets that wait for roads-1.
    town = ("--seed", "4", "--date", "2025-01-15")

    def make_town(self):
        self.run("shetach-hub", "sample", "--data", self.hub_data, *self.town)

    def serve(self, listen="127.0.0.1:0"):
        """Another test's program, which got any port, may have got this one while the hub was down: it is waited for."""
        end = time.monotonic() + PATIENCE_S
        while True:
            self.hub = self.start(self.program("shetach-hub"), "serve", "--data", self.hub_data, "--listen", listen,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            try:
                self.url = read_line(self.hub, r"(http://\S+)").group(1)
                return self.url
            except Failed:
                if listen.endswith(":0") or time.monotonic() > end:
                    raise
                self.stop(self.hub)
                time.sleep(1)

    def stop_hub(self):
        self.stop(self.hub)

    def enrol(self, store, *who):
        told = self.run("shetach-hub", "enrol", "--data", self.hub_data, *(who or ("--crew", "roads-1")))
        code = re.findall(r"[0-9A-Z]{5}-[0-9A-Z]{5}", told)[-1]
        self.run("shetachctl", "--store", store, "enrol", self.url, code)
        self.run("shetachctl", "--store", store, "sync", "--timeout", "300")
        if not who or who[0] == "--crew":
            # The question at the start of a shift is answered.
            self.run("shetachctl", "--store", store, "here", "nobody")
        return store

    def make_store(self, *who):
        """A tablet's store with a crew's tickets; the hub answers on."""
        if self.hub is None:
            self.make_town()
            self.serve()
        return self.enrol(tempfile.mkdtemp(prefix="store-", dir=self.folder), *who)

    # --- the window ---

    def open(self, store, *options, **more):
        """Starts the program, and returns it with its window in the tree."""
        size = f"--size={self.width}x{self.height}"
        process = self.start(self.program("shetach"), "--store", store, size, *options, **more)

        def name():
            if process.poll() is not None:
                raise Failed(f"the window's program ended with {process.returncode}")
            return self.bus.name_of(process.pid)

        self.window = Window(Tree(self.bus, wait_for("the window", name, 2 * PATIENCE_S)))
        return process, self.window

    def press(self, key):
        """Presses a key, such as ctrl+comma, in the window that has the focus."""
        subprocess.run(["xdotool", "key", key], check=True)
        self.window.settle()

    def press_until_gone(self, key, what, is_there):
        """Presses a key, and again only when it was not taken: the window below would get the next one."""
        def is_gone():
            end = time.monotonic() + 3
            self.press(key)
            while is_there() and time.monotonic() < end:
                time.sleep(PAUSE_S)
            return not is_there()

        wait_for(f"{what} to go", is_gone)

    @staticmethod
    def has_window(title):
        """Whether the display shows a window whose title matches, whatever the tree says."""
        return subprocess.run(["xdotool", "search", "--onlyvisible", "--name", f"^{title}$"],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0

    @staticmethod
    def type(text):
        subprocess.run(["xdotool", "type", "--delay", "60", text], check=True)

    @staticmethod
    def middle(node):
        """There is no window manager, so each window stands at 0, 0."""
        size = node.place()
        return size.x + size.width // 2, size.y + size.height // 2

    def reaches(self, node):
        """Whether a node's middle is on the screen."""
        x, y = self.middle(node)
        return 0 <= x < self.width and 0 <= y < self.height

    @classmethod
    def point_at(cls, node):
        """Moves the pointer to a node."""
        subprocess.run(["xdotool", "mousemove", *map(str, cls.middle(node))], check=True)

    @classmethod
    def click_at(cls, node):
        """Taps a node where it is seen."""
        cls.point_at(node)
        subprocess.run(["xdotool", "click", "1"], check=True)

    @classmethod
    def turn_wheel(cls, node):
        """Scrolls down by a notch, over a node."""
        cls.point_at(node)
        subprocess.run(["xdotool", "click", "5"], check=True)

    def screenshot(self, path):
        subprocess.run(["import", "-window", "root", path], check=True)


def choose(store, **choices):
    """What a person has chosen on a tablet, as the window keeps it."""
    path = os.path.join(store, "window.ini")
    file = configparser.ConfigParser()
    file.read(path)
    if not file.has_section("window"):
        file.add_section("window")
    for key, value in choices.items():
        file.set("window", key.replace("_", "-"), value)
    with open(path, "w") as out:
        file.write(out, space_around_delimiters=False)


def point_at(store, url):
    """Lets a store's tablet look for its hub there.

    Returns: where it looked before"""
    path = os.path.join(store, "device.json")
    with open(path, encoding="utf-8") as file:
        device = json.load(file)
    before, device["url"] = device["url"], url
    with open(path, "w", encoding="utf-8") as file:
        json.dump(device, file)
    return before


class Window:
    """A program's windows, by its accessibility tree. One may go, for one in another language."""

    def __init__(self, tree):
        self.tree = tree

    def walk(self, top=None):
        return self.tree.walk(top)

    @staticmethod
    def has_size(extents):
        """GTK 4.8 tells no SHOWING; what is on another page of a stack has no size."""
        return extents is not None and extents.width > 1 and extents.height > 1

    def all(self, role=None, name=None, top=None):
        """Nodes that are seen, whose role is named so and whose name matches, in the tree's order: all, or those
        below one. Each carries the name that it had, as .name."""
        roles = role.split("|") if role is not None else None
        found = [node for node in self.tree.walk(top) if roles is None or node.role in roles]
        for node, said in zip(found, self.tree.names_of(found)):
            node.name = said
        found = [node for node in found if node.name is not None and (name is None or re.search(name, node.name))]
        return [node for node, extents in zip(found, self.tree.extents_of(found)) if self.has_size(extents)]

    def find(self, role=None, name=None, seconds=PATIENCE_S):
        return wait_for(f"{role or 'anything'} “{name}”", lambda: self.all(role, name), seconds)[0]

    def gone(self, role=None, name=None, seconds=PATIENCE_S):
        wait_for(f"no {role or 'anything'} “{name}”", lambda: not self.all(role, name), seconds)

    def settle(self):
        """Until what was put into the window's queues before now, by the display too, has been taken out: its program
        takes one event of each kind at a time, and none of the display's while it paints."""
        for _ in range(4):
            time.sleep(0.02)
            self.tree.ping()

    def click(self, role=None, name=None):
        """Clicks by the node's own action, as soon as it takes one."""
        def act():
            found = self.all(role, name)
            with contextlib.suppress(GLib.Error):  # one that was just made anew
                return found[0] if found and found[0].do_action(0) else None

        node = wait_for(f"{role or 'anything'} “{name}” to be clicked", act)
        # GTK shows a button pressed for so long, swallows more of the kind, and only then tells of the click.
        time.sleep(PRESSED_S)
        self.tree.ping()
        return node

    def rows(self):
        """The names of the cards that are on the screen."""
        return [node.name for node in self.all("list item", ".")]

    def names(self):
        """Role and name of all that is seen: what to look at when a test waits in vain."""
        return [(node.role, node.name) for node in self.all()]
