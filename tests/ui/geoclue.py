#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""geoclue.py FILE: GeoClue for tests, on the bus that DBUS_SYSTEM_BUS_ADDRESS names, with the real one's interfaces. FILE says
in JSON where the tablet is (latitude, longitude, accuracy, and heading, speed, age in seconds if they are known), and is
looked at again and again; with `deny` nobody may know, and with `active` false the leave is taken back. What clients
have asked is added to FILE.log."""
import json
import sys
import time

from gi.repository import Gio, GLib

NAME = "org.freedesktop.GeoClue2"
MANAGER_PATH = "/org/freedesktop/GeoClue2/Manager"
MANAGER = """<node><interface name="org.freedesktop.GeoClue2.Manager">
<property name="InUse" type="b" access="read"/><property name="AvailableAccuracyLevel" type="u" access="read"/>
<method name="GetClient"><arg name="client" type="o" direction="out"/></method>
<method name="CreateClient"><arg name="client" type="o" direction="out"/></method>
<method name="DeleteClient"><arg name="client" type="o" direction="in"/></method>
<method name="AddAgent"><arg name="id" type="s" direction="in"/></method></interface></node>"""
CLIENT = """<node><interface name="org.freedesktop.GeoClue2.Client"><property name="Location" type="o" access="read"/>
<property name="DistanceThreshold" type="u" access="readwrite"/><property name="TimeThreshold" type="u" access="readwrite"/>
<property name="DesktopId" type="s" access="readwrite"/>
<property name="RequestedAccuracyLevel" type="u" access="readwrite"/><property name="Active" type="b" access="read"/>
<method name="Start"/><method name="Stop"/>
<signal name="LocationUpdated"><arg name="old" type="o"/><arg name="new" type="o"/></signal></interface></node>"""
LOCATION = """<node><interface name="org.freedesktop.GeoClue2.Location">
<property name="Latitude" type="d" access="read"/><property name="Longitude" type="d" access="read"/>
<property name="Accuracy" type="d" access="read"/><property name="Altitude" type="d" access="read"/>
<property name="Speed" type="d" access="read"/><property name="Heading" type="d" access="read"/>
<property name="Description" type="s" access="read"/><property name="Timestamp" type="(tt)" access="read"/>
</interface></node>"""
# What the real one says: there is no such altitude.
NO_ALTITUDE = -1.7976931348623157e+308
LOOK_MS = 50


def interface(xml):
    return Gio.DBusNodeInfo.new_for_xml(xml).interfaces[0]


class Client:
    def __init__(self, bus, path, told):
        self.bus, self.path, self.told = bus, path, told
        self.properties = {"DistanceThreshold": 0, "TimeThreshold": 0, "DesktopId": "", "RequestedAccuracyLevel": 0}
        self.started, self.active, self.location, self.said = False, False, "/", None
        self.count = 0
        bus.register_object(path, interface(CLIENT), self.on_call, self.on_get, self.on_set)

    def on_call(self, bus, sender, path, name, method, parameters, invocation):
        if method == "Start":
            note(f"start {self.properties['DesktopId']} {self.properties['RequestedAccuracyLevel']}")
            if self.told().get("deny") or not self.properties["DesktopId"]:
                invocation.return_dbus_error("org.freedesktop.DBus.Error.AccessDenied", "Geolocation disabled for UID 0")
                return
            self.started = self.active = True
        else:
            note("stop")
            self.started, self.active, self.said = False, False, None
        invocation.return_value(None)

    def on_get(self, bus, sender, path, name, property):
        types = {"Location": ("o", self.location), "Active": ("b", self.active), "DesktopId": ("s", self.properties["DesktopId"])}
        return GLib.Variant(*types.get(property, ("u", self.properties.get(property))))

    def on_set(self, bus, sender, path, name, property, value):
        self.properties[property] = value.unpack()
        return True

    def set_active(self, active):
        if self.active == active:
            return
        self.active = active
        changed = GLib.Variant("(sa{sv}as)", (NAME + ".Client", {"Active": GLib.Variant("b", active)}, []))
        self.bus.emit_signal(None, self.path, "org.freedesktop.DBus.Properties", "PropertiesChanged", changed)

    def look(self):
        told = self.told()
        if self.started:
            self.set_active(told.get("active", True) and not told.get("deny", False))
        if not self.active or "latitude" not in told or told == self.said:
            return
        self.said = told
        self.count += 1
        before, self.location = self.location, f"{self.path}/Location/{self.count}"
        at = time.time() - told.get("age", 0)
        values = {"Latitude": ("d", told["latitude"]), "Longitude": ("d", told["longitude"]),
                  "Accuracy": ("d", told["accuracy"]), "Altitude": ("d", NO_ALTITUDE), "Speed": ("d", told.get("speed", -1.0)),
                  "Heading": ("d", told.get("heading", -1.0)), "Description": ("s", "GPS"),
                  "Timestamp": ("(tt)", (int(at), int(at % 1 * 1e6)))}
        self.bus.register_object(self.location, interface(LOCATION), None,
                                 lambda b, s, p, i, name: GLib.Variant(*values[name]), None)
        self.bus.emit_signal(None, self.path, NAME + ".Client", "LocationUpdated",
                             GLib.Variant("(oo)", (before, self.location)))


clients = {}


def note(line):
    with open(sys.argv[1] + ".log", "a", encoding="utf-8") as file:
        file.write(line + "\n")


def told():
    try:
        with open(sys.argv[1], encoding="utf-8") as file:
            return json.load(file)
    except (OSError, ValueError):
        return {}


def on_manager(bus, sender, path, name, method, parameters, invocation):
    if sender not in clients:
        clients[sender] = Client(bus, f"/org/freedesktop/GeoClue2/Client/{len(clients) + 1}", told)
    invocation.return_value(GLib.Variant("(o)", (clients[sender].path,)))


def on_look():
    for client in clients.values():
        client.look()
    return True


def on_bus(bus, name):
    bus.register_object(MANAGER_PATH, interface(MANAGER), on_manager, None, None)
    GLib.timeout_add(LOOK_MS, on_look)


Gio.bus_own_name(Gio.BusType.SYSTEM, NAME, Gio.BusNameOwnerFlags.NONE, on_bus, lambda bus, name: print("here", flush=True), None)
GLib.MainLoop().run()
