#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""logind.py: stands in for systemd-logind on the test's own system bus. Each line of its input is a word: `sleep` tells that
the tablet is about to, and waits for whoever holds it up; `wake` that it has woken. Each is answered by a line."""

import os
import select
import sys

from gi.repository import Gio, GLib

PATH = "/org/freedesktop/login1"
INTERFACE = """<node><interface name="org.freedesktop.login1.Manager">
<method name="Inhibit"><arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="s" direction="in"/>
<arg type="s" direction="in"/><arg type="h" direction="out"/></method>
<signal name="PrepareForSleep"><arg type="b"/></signal></interface></node>"""
HELD_UP_S = 20

held = []


def on_call(bus, sender, path, name, method, parameters, invocation):
    what, who, _, mode = parameters.unpack()
    if (what, mode) != ("sleep", "delay"):
        invocation.return_dbus_error("org.freedesktop.DBus.Error.InvalidArgs", f"{what} {mode}")
        return
    ours, theirs = os.pipe()
    fds = Gio.UnixFDList.new()
    index = fds.append(theirs)
    os.close(theirs)
    held.append(ours)
    invocation.return_value_with_unix_fd_list(GLib.Variant("(h)", (index,)), fds)
    print(f"held up by {who}", flush=True)


def emit(bus, begins):
    bus.emit_signal(None, PATH, "org.freedesktop.login1.Manager", "PrepareForSleep", GLib.Variant("(b)", (begins,)))
    bus.flush_sync(None)


def on_line(source, condition, bus):
    word = sys.stdin.readline().strip()
    if word == "sleep":
        emit(bus, True)
        ended = [bool(select.select([fd], [], [], HELD_UP_S)[0]) for fd in held]
        for fd in held:
            os.close(fd)
        held.clear()
        print(f"asleep after {sum(ended)} of {len(ended)}", flush=True)
    elif word == "wake":
        emit(bus, False)
        print("awake", flush=True)
    return bool(word)


def on_bus(bus, name):
    bus.register_object(PATH, Gio.DBusNodeInfo.new_for_xml(INTERFACE).interfaces[0], on_call, None, None)
    GLib.io_add_watch(sys.stdin, GLib.PRIORITY_DEFAULT, GLib.IO_IN, on_line, bus)


Gio.bus_own_name(Gio.BusType.SYSTEM, "org.freedesktop.login1", Gio.BusNameOwnerFlags.NONE, on_bus,
                 lambda bus, name: print("here", flush=True), None)
GLib.MainLoop().run()
