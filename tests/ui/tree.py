# SPDX-License-Identifier: GPL-3.0-or-later
"""A program's accessibility tree, asked over its bus without libatspi.

libatspi asks for one thing of one node at a time: some 1,500 round trips through three processes for a window of 400
nodes, a second and more on a busy machine. Here the questions about all nodes that were there before are on their way
together, then those about a whole level of what is new. What cannot change is asked once, and nothing that can is kept:
an answer is never older than its question. Nodes have the methods of libatspi's that tests use, by the same names."""

import collections

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, Gio, GLib  # noqa: E402

ROOT = "/org/a11y/atspi/accessible/root"
REGISTRY = "org.a11y.atspi.Registry"
ACCESSIBLE = "org.a11y.atspi.Accessible"
# A program under sanitizers on a busy machine may not answer for seconds (libatspi gives up after 0.8).
PATIENCE_MS = 120_000
# These have no parts that anybody looks for, and are half of a window.
LEAVES = ("label", "scroll bar")
# What a node says that went while it was asked, or that has no such side. The program itself is still there.
GONE = ("org.freedesktop.DBus.Error.UnknownMethod", "org.freedesktop.DBus.Error.UnknownObject",
        "org.freedesktop.DBus.Error.UnknownInterface", "org.freedesktop.DBus.Error.UnknownProperty",
        "org.freedesktop.DBus.Error.InvalidArgs")

Extents = collections.namedtuple("Extents", "x y width height")


class States(set):
    contains = set.__contains__


class Bus:
    """A connection to the accessibility bus."""

    def __init__(self, address):
        flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
        self.connection = Gio.DBusConnection.new_for_address_sync(address, flags, None, None)
        self.open, self.error = 0, None

    def call(self, name, path, interface, method, arguments=None):
        """Asks one thing, and waits. Returns: the answer's members; raises GLib.Error"""
        return self.connection.call_sync(name, path, interface, method, arguments, None, Gio.DBusCallFlags.NONE,
                                         PATIENCE_MS, None).unpack()

    def ask(self, name, path, interface, method, arguments, answered):
        """Sends a question; answered(members) is called in wait(), or answered(None) if the node is gone."""
        def got(connection, result):
            self.open -= 1
            try:
                answered(connection.call_finish(result).unpack())
            except GLib.Error as error:
                if Gio.DBusError.get_remote_error(error) in GONE:
                    answered(None)
                else:
                    self.error = error

        self.open += 1
        self.connection.call(name, path, interface, method, arguments, None, Gio.DBusCallFlags.NONE, PATIENCE_MS, None,
                             got)

    def wait(self):
        """Until every question is answered, and those that were asked by the answers. Raises GLib.Error"""
        while self.open:
            GLib.MainContext.default().iteration(True)
        # Out of a callback nothing can be raised.
        error, self.error = self.error, None
        if error is not None:
            raise error

    def name_of(self, pid):
        """The name under which a program is in the tree, once it has a window there; else None."""
        for name, path in self.call(REGISTRY, ROOT, ACCESSIBLE, "GetChildren")[0]:
            try:
                if self.call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                             "GetConnectionUnixProcessID", GLib.Variant("(s)", (name,)))[0] == pid:
                    return name if self.call(name, path, ACCESSIBLE, "GetChildren")[0] else None
            except GLib.Error:  # a program that has ended
                continue
        return None


class Node:
    """A node of a program's tree."""

    def __init__(self, tree, path, role=None):
        self.tree, self.path, self.role = tree, path, role

    def __eq__(self, other):
        return isinstance(other, Node) and self.path == other.path

    def __hash__(self):
        return hash(self.path)

    def _call(self, side, method, arguments=None):
        return self.tree.bus.call(self.tree.name, self.path, f"org.a11y.atspi.{side}", method, arguments)

    def _get(self, side, member):
        return self.tree.bus.call(self.tree.name, self.path, "org.freedesktop.DBus.Properties", "Get",
                                  GLib.Variant("(ss)", (f"org.a11y.atspi.{side}", member)))[0]

    def get_role_name(self):
        return self.role

    def get_name(self):
        return self._get("Accessible", "Name")

    def get_state_set(self):
        low, high = self._call("Accessible", "GetState")[0]
        return States(state for state in range(64) if (low | high << 32) >> state & 1)

    def _itself(self):
        return self

    get_component_iface = get_action_iface = get_text_iface = get_editable_text_iface = get_value_iface = _itself

    def get_extents(self, relative_to):
        return Extents(*self._call("Component", "GetExtents", GLib.Variant("(u)", (int(relative_to),)))[0])

    def place(self):
        """Its extents in its window."""
        return self.get_extents(Atspi.CoordType.WINDOW)

    def do_action(self, index):
        """Returns: whether it could."""
        return self._call("Action", "DoAction", GLib.Variant("(i)", (index,)))[0]

    def set_text_contents(self, text):
        return self._call("EditableText", "SetTextContents", GLib.Variant("(s)", (text,)))[0]

    def get_character_count(self):
        return self._get("Text", "CharacterCount")

    def get_text(self, start, end):
        """GTK 4.8 takes no -1 for the end."""
        return self._call("Text", "GetText", GLib.Variant("(ii)", (start, end)))[0]

    def get_current_value(self):
        return self._get("Value", "CurrentValue")

    def set_current_value(self, value):
        self.tree.bus.call(self.tree.name, self.path, "org.freedesktop.DBus.Properties", "Set", GLib.Variant(
            "(ssv)", ("org.a11y.atspi.Value", "CurrentValue", GLib.Variant("d", value))))


WINDOW = GLib.Variant("(u)", (int(Atspi.CoordType.WINDOW),))


class Tree:
    """All that a program shows; name is its own on the bus."""

    def __init__(self, bus, name):
        self.bus, self.name = bus, name
        self.roles = {}  # by path, which is never given out again
        self.parts = {}  # paths by path, as they were: only whom to ask first, never an answer

    def top(self):
        return Node(self, ROOT)

    def ping(self):
        """Comes back when the program's main loop has been round."""
        self.bus.call(self.name, ROOT, ACCESSIBLE, "GetRole")

    def walk(self, top=None):
        """The nodes below a node, and itself, each before its parts."""
        parts = {}
        first = top.path if top is not None else ROOT

        def ask_parts(path):
            if path in parts:
                return
            parts[path] = []
            self.bus.ask(self.name, path, ACCESSIBLE, "GetChildren", None, lambda answer: got_parts(path, answer))

        def got_parts(path, answer):
            parts[path] = [part for _, part in answer[0]] if answer else []
            for part in parts[path]:
                meet(part)

        def meet(path):
            role = self.roles.get(path)
            if role is None:
                self.bus.ask(self.name, path, ACCESSIBLE, "GetRole", None, lambda answer: got_role(path, answer))
            elif role not in LEAVES:
                ask_parts(path)

        def got_role(path, answer):
            if answer is not None:
                self.roles[path] = Atspi.role_get_name(Atspi.Role(answer[0]))
                meet(path)

        # All that were there before are asked at once: a window that is painting answers once in a frame.
        ahead = [first]
        while ahead:
            path = ahead.pop()
            meet(path)
            ahead.extend(self.parts.get(path, ()))
        self.bus.wait()
        nodes, there, ahead = [], {}, [first]
        while ahead:
            path = ahead.pop()
            if path in self.roles:
                nodes.append(Node(self, path, self.roles[path]))
            there[path] = parts.get(path, ())
            ahead.extend(reversed(there[path]))
        self.parts = there if top is None else {**self.parts, **there}
        return nodes

    def names_of(self, nodes):
        """Their names, in their order; None for those that have gone."""
        return self._answers(nodes, "org.freedesktop.DBus.Properties", "Get", NAME)

    def extents_of(self, nodes):
        """Where they are in their windows, in their order; None for those that have gone or have no place."""
        return [Extents(*answer) if answer is not None else None
                for answer in self._answers(nodes, "org.a11y.atspi.Component", "GetExtents", WINDOW)]

    def _answers(self, nodes, interface, method, arguments):
        found = [None] * len(nodes)

        def keep(i):
            def answered(answer):
                found[i] = answer[0] if answer is not None else None
            return answered

        for i, node in enumerate(nodes):
            self.bus.ask(self.name, node.path, interface, method, arguments, keep(i))
        self.bus.wait()
        return found


NAME = GLib.Variant("(ss)", (ACCESSIBLE, "Name"))
