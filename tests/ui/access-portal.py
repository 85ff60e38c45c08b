#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""access-portal.py NAME FILE: the person whom the desktop's portal asks. It owns NAME on the session bus, and answers
every question with the number that FILE holds: 0 allows, 1 denies; with `wait` it is left without an answer, and the
word `closed` is added to the file when the question is taken back."""
import sys

from gi.repository import Gio, GLib

ACCESS = """<node><interface name="org.freedesktop.impl.portal.Access"><method name="AccessDialog">
<arg type="o" direction="in"/><arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="s" direction="in"/>
<arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="a{sv}" direction="in"/>
<arg type="u" direction="out"/><arg type="a{sv}" direction="out"/></method></interface></node>"""
REQUEST = """<node><interface name="org.freedesktop.impl.portal.Request"><method name="Close"/></interface></node>"""
NAME, FILE = sys.argv[1:]
asked = []


def on_close(bus, sender, path, interface, method, parameters, invocation):
    with open(FILE, "a", encoding="utf-8") as file:
        file.write(" closed")
    invocation.return_value(None)
    asked.pop().return_value(GLib.Variant("(ua{sv})", (2, {})))


def on_call(bus, sender, path, interface, method, parameters, invocation):
    with open(FILE, encoding="utf-8") as file:
        word = file.read().split()[0]
    if word != "wait":
        invocation.return_value(GLib.Variant("(ua{sv})", (int(word), {})))
        return
    asked.append(invocation)
    bus.register_object(parameters[0], Gio.DBusNodeInfo.new_for_xml(REQUEST).interfaces[0], on_close, None, None)
    with open(FILE, "a", encoding="utf-8") as file:
        file.write(" asked")


def on_bus(bus, name):
    bus.register_object("/org/freedesktop/portal/desktop", Gio.DBusNodeInfo.new_for_xml(ACCESS).interfaces[0], on_call, None,
                        None)


Gio.bus_own_name(Gio.BusType.SESSION, NAME, Gio.BusNameOwnerFlags.NONE, on_bus, lambda bus, name: print("here", flush=True),
                 None)
GLib.MainLoop().run()
