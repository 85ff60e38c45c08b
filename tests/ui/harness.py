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

import gi

gi.require_version("Atspi", "2.0")


# Some services ask for photos before a ticket is done; what is said where none was taken.
NO_PHOTOS = ("--without-photo", "before", "--without-photo", "after", "--reason", "nobody had a camera")


class Failed(Exception):
    pass


def wait_for(what, condition, seconds=15):
    """Waits until condition() gives something, and returns that."""
    end = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > end:
            raise Failed(f"waited {seconds} s in vain for {what}")
        time.sleep(0.03)


def read_line(process, pattern, seconds=20):
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
        self.hub = None
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
                process.wait(10)
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
        # The tablet's own pictures: what a test puts there can be chosen in the window.
        os.mkdir(self.pictures)
        with open(os.path.join(self.folder, "user-dirs.dirs"), "w", encoding="utf-8") as file:
            file.write(f'XDG_PICTURES_DIR="{self.pictures}"\nXDG_DOWNLOAD_DIR="{self.folder}/none"\n')
        os.environ.update(XDG_RUNTIME_DIR=runtime, LC_ALL="C.UTF-8", TZ="Asia/Jerusalem",
                          XDG_CONFIG_HOME=self.folder, XDG_CACHE_HOME=self.folder, GSK_RENDERER="cairo",
                          GSETTINGS_BACKEND="memory",
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
        subprocess.run(["gdbus", "call", "--address", re.search(r"'(.*)'", told).group(1), "--dest",
                        "org.a11y.atspi.Registry", "--object-path", "/org/a11y/atspi/accessible/root", "--method",
                        "org.a11y.atspi.Accessible.GetChildren"], check=True, stdout=subprocess.DEVNULL)
        from gi.repository import Atspi

        Atspi.init()

    @property
    def pictures(self):
        return os.path.join(self.folder, "Pictures")

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
        self.hub = self.start(self.program("shetach-hub"), "serve", "--data", self.hub_data, "--listen", listen,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.url = read_line(self.hub, r"(http://\S+)").group(1)
        return self.url

    def stop_hub(self):
        self.stop(self.hub)

    def enrol(self, store, *who):
        told = self.run("shetach-hub", "enrol", "--data", self.hub_data, *(who or ("--crew", "roads-1")))
        code = re.findall(r"[0-9A-Z]{5}-[0-9A-Z]{5}", told)[-1]
        self.run("shetachctl", "--store", store, "enrol", self.url, code)
        self.run("shetachctl", "--store", store, "sync", "--timeout", "300")
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
        from gi.repository import Atspi

        size = f"--size={self.width}x{self.height}"
        process = self.start(self.program("shetach"), "--store", store, size, *options, **more)

        def frame():
            if process.poll() is not None:
                raise Failed(f"the window's program ended with {process.returncode}")
            desktop = Atspi.get_desktop(0)
            for i in range(desktop.get_child_count()):
                app = desktop.get_child_at_index(i)
                if app is not None and app.get_process_id() == process.pid and app.get_child_count() > 0:
                    return app.get_child_at_index(0)
            return None

        return process, Window(wait_for("the window", frame, 60))

    @staticmethod
    def press(key):
        """Presses a key, such as ctrl+comma, in the window that has the focus."""
        subprocess.run(["xdotool", "key", key], check=True)
        time.sleep(0.3)

    @staticmethod
    def has_window(title):
        """Whether the display shows a window with that title, whatever the tree says."""
        return subprocess.run(["xdotool", "search", "--onlyvisible", "--name", f"^{re.escape(title)}$"],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0

    @staticmethod
    def type(text):
        subprocess.run(["xdotool", "type", "--delay", "60", text], check=True)

    @staticmethod
    def middle(node):
        """There is no window manager, so each window stands at 0, 0."""
        from gi.repository import Atspi

        size = node.get_component_iface().get_extents(Atspi.CoordType.WINDOW)
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
    """A window by its accessibility tree."""

    def __init__(self, top):
        from gi.repository import Atspi

        self.atspi = Atspi
        # The window may go, for one in another language; the program stays.
        self.app = top.get_application()

    def walk(self, node=None, depth=0):
        node = node or self.app
        if depth > 60:
            return
        yield node
        with contextlib.suppress(Exception):
            for i in range(min(node.get_child_count(), 400)):
                child = node.get_child_at_index(i)
                if child is not None:
                    yield from self.walk(child, depth + 1)

    @staticmethod
    def is_seen(node):
        """GTK 4.8 tells no SHOWING; what is on another page of a stack has no size."""
        from gi.repository import Atspi

        component = node.get_component_iface()
        if component is None:
            return False
        size = component.get_extents(Atspi.CoordType.WINDOW)
        return size.width > 1 and size.height > 1

    def all(self, role=None, name=None, seen=True):
        """Nodes whose role is named so and whose name matches."""
        found = []
        for node in self.walk():
            with contextlib.suppress(Exception):
                if role is not None and node.get_role_name() not in role.split("|"):
                    continue
                if name is not None and not re.search(name, node.get_name() or ""):
                    continue
                if not seen or self.is_seen(node):
                    found.append(node)
        return found

    def find(self, role=None, name=None, seconds=15):
        return wait_for(f"{role or 'anything'} “{name}”", lambda: self.all(role, name), seconds)[0]

    def gone(self, role=None, name=None, seconds=15):
        wait_for(f"no {role or 'anything'} “{name}”", lambda: not self.all(role, name), seconds)

    def click(self, role=None, name=None):
        """Clicks by the node's own action. GTK takes some 250 ms to do so, and swallows clicks meanwhile."""
        node = self.find(role, name)
        node.get_action_iface().do_action(0)
        time.sleep(0.35)
        return node

    def rows(self):
        """The names of the cards that are on the screen."""
        return [node.get_name() for node in self.all("list item") if node.get_name()]

    def names(self):
        """Role and name of all that is seen: what to look at when a test waits in vain."""
        return [(node.get_role_name(), node.get_name()) for node in self.all()]
