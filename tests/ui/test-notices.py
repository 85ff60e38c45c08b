#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test-notices.py BUILD he|en WIDTHxHEIGHT: what falls due soon is told outside of the window, once, with nothing that a
person wrote, and leads to its ticket.

  test-notices.py --desktop   shows nothing, and prints what a desktop was asked to show; a line on stdin acts on the last
"""

import json
import os
import re
import sqlite3
import subprocess
import sys
import time

import tap

tap.need("Xvfb", "dbus-daemon", "xdotool", "gdbus")
try:
    from gi.repository import Gio, GLib
    from hands import Hands
    from harness import Desk, Failed, choose, read_line, wait_for
except (ImportError, ValueError) as missing:
    tap.skip(missing)

INTERFACE = """<node><interface name="org.freedesktop.Notifications">
  <method name="Notify"><arg type="s"/><arg type="u"/><arg type="s"/><arg type="s"/><arg type="s"/><arg type="as"/>
    <arg type="a{sv}"/><arg type="i"/><arg type="u" direction="out"/></method>
  <method name="CloseNotification"><arg type="u"/></method>
</interface></node>"""
PATH, NAME = "/org/freedesktop/Notifications", "org.freedesktop.Notifications"
SOON_MS = 2 * 3600 * 1000


def desktop():
    shown = []

    def called(connection, sender, path, interface, method, arguments, invocation):
        if method == "Notify":
            _, _, _, summary, body, actions, _, _ = arguments.unpack()
            shown.append(actions)
            print(json.dumps({"summary": summary, "body": body, "actions": actions}), flush=True)
            invocation.return_value(GLib.Variant("(u)", (len(shown),)))
        else:
            invocation.return_value(None)

    def ready(connection, name):
        connection.register_object(PATH, Gio.DBusNodeInfo.new_for_xml(INTERFACE).interfaces[0], called)
        print("ready", flush=True)

    def act(channel, condition):
        if not sys.stdin.readline():
            loop.quit()
            return False
        bus.emit_signal(None, PATH, NAME, "ActionInvoked", GLib.Variant("(us)", (len(shown), "default")))
        return True

    bus = Gio.bus_get_sync(Gio.BusType.SESSION)
    loop = GLib.MainLoop()
    Gio.bus_own_name_on_connection(bus, NAME, 0, ready, None)
    GLib.io_add_watch(0, GLib.IO_IN | GLib.IO_HUP, act)
    loop.run()


def fall_due(store, n):
    """The first of the crew's open tickets fall due in two hours, all others long after."""
    now = int(time.time() * 1000)
    with sqlite3.connect(os.path.join(store, "store.db")) as db:
        ids = [row[0] for row in db.execute("SELECT id FROM ticket WHERE open AND crew = 'roads-1' ORDER BY id LIMIT ?", (n,))]
        db.execute("UPDATE ticket SET due_at = ?, doc = json_set (doc, '$.due_at', ?) WHERE open",
                   (now + 100 * SOON_MS,) * 2)
        for one in ids:
            db.execute("UPDATE ticket SET due_at = ?, doc = json_set (doc, '$.due_at', ?) WHERE id = ?",
                       (now + SOON_MS, now + SOON_MS, one))
        return db.execute("SELECT id, number, title FROM ticket WHERE id = ?", (ids[0],)).fetchone()


def main(build, language, size):
    check = tap.Tap()
    desk = Desk(build, *map(int, size.split("x")))
    try:
        shell = desk.start(sys.executable, os.path.abspath(__file__), "--desktop", stdin=subprocess.PIPE,
                           stdout=subprocess.PIPE)
        read_line(shell, "(ready)")
        store = desk.make_store()
        ticket, number, title = fall_due(store, 1)
        choose(store, page="work", ticket="")
        hands = Hands(desk, store, language)
        with check.point("what falls due soon is told", hands):
            hands.open()
            told = json.loads(read_line(shell, "(.*)").group(1))
            if not re.match(f"^{hands.say('Due soon: %s').replace('%s', '.+')}$", told["summary"]):
                raise Failed(told)
            if number not in told["body"] or title in told["summary"] + told["body"]:
                raise Failed(told)
        with check.point("it leads to its ticket", hands):
            shell.stdin.write("act\n")
            shell.stdin.flush()
            wait_for("the ticket", lambda: hands.open_ticket() == ticket)
            hands.close()
        with check.point("once is enough; what falls due meanwhile is told together", hands):
            fall_due(store, 4)
            with sqlite3.connect(os.path.join(store, "store.db")) as db:
                db.execute("INSERT OR REPLACE INTO told SELECT id, due_at FROM ticket WHERE id = ?", (ticket,))
            hands.open()
            told = json.loads(read_line(shell, "(.*)").group(1))
            many = hands.say.own.ngettext("%d ticket is due soon", "%d tickets are due soon", 3) if hands.say.own \
                else "%d tickets are due soon"
            if told["summary"] != many.replace("%d", "3"):
                raise Failed(told)
            hands.close()
            hands.open()
            hands.go_to("Sync")
            hands.close()
            shell.stdin.close()
            rest = shell.stdout.read()
            if rest.strip():
                raise Failed(rest)
    finally:
        desk.close()
    check.end()


if sys.argv[1] == "--desktop":
    desktop()
else:
    main(*sys.argv[1:])
