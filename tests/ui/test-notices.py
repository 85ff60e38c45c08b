#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test-notices.py BUILD he|en WIDTHxHEIGHT: what the crew wants to hear of is told outside of the window, once, with nothing
that a person wrote, leads to where it is, and goes when it was looked at.

  test-notices.py --desktop   shows nothing, and prints what a desktop was asked to show or to take away; a line on stdin acts
                              on the last: the name of one of its actions
"""

import datetime
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
# What a person has written somewhere in the store: none of it may be told.
WRITTEN = "0501234567 Olive"


def desktop():
    shown = []

    def called(connection, sender, path, interface, method, arguments, invocation):
        if method == "Notify":
            _, _, _, summary, body, actions, hints, _ = arguments.unpack()
            shown.append(actions)
            print(json.dumps({"summary": summary, "body": body, "actions": actions, "n": len(shown), "hints": str(hints)}),
                  flush=True)
            invocation.return_value(GLib.Variant("(u)", (len(shown),)))
        else:
            print(json.dumps({"closed": arguments.unpack()[0]}), flush=True)
            invocation.return_value(None)

    def ready(connection, name):
        connection.register_object(PATH, Gio.DBusNodeInfo.new_for_xml(INTERFACE).interfaces[0], called)
        print("ready", flush=True)

    def act(channel, condition):
        line = sys.stdin.readline().strip()
        if not line:
            loop.quit()
            return False
        action = [one for one in shown[-1][::2] if one.startswith(line)][0]
        bus.emit_signal(None, PATH, NAME, "ActionInvoked", GLib.Variant("(us)", (len(shown), action)))
        return True

    bus = Gio.bus_get_sync(Gio.BusType.SESSION)
    loop = GLib.MainLoop()
    Gio.bus_own_name_on_connection(bus, NAME, 0, ready, None)
    GLib.io_add_watch(0, GLib.IO_IN | GLib.IO_HUP, act)
    loop.run()


def sql(store, statement, *values):
    with sqlite3.connect(os.path.join(store, "store.db")) as db:
        return db.execute(statement, values).fetchall()


def fall_due(store, n, priority="normal"):
    """The first of the crew's open tickets fall due in two hours, all others long after."""
    now = int(time.time() * 1000)
    ids = [row[0] for row in sql(store, "SELECT id FROM ticket WHERE open AND crew = 'roads-1' ORDER BY id LIMIT ?", n)]
    sql(store, "UPDATE ticket SET due_at = ?, doc = json_set (doc, '$.due_at', ?) WHERE open", *(now + 100 * SOON_MS,) * 2)
    for one in ids:
        sql(store, "UPDATE ticket SET due_at = ?, doc = json_set (doc, '$.due_at', ?, '$.priority', ?) WHERE id = ?",
            now + SOON_MS, now + SOON_MS, priority, one)
    return sql(store, "SELECT id, number FROM ticket WHERE id = ?", ids[0])[0]


def none_due(store):
    sql(store, "UPDATE ticket SET due_at = ?, doc = json_set (doc, '$.due_at', ?) WHERE open",
        *(int(time.time() * 1000) + 100 * SOON_MS,) * 2)


class Shell:
    """The desktop that is told."""

    def __init__(self, desk):
        self.desk = desk
        self.process = desk.start(sys.executable, os.path.abspath(__file__), "--desktop", stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE)
        read_line(self.process, "(ready)")

    def heard(self):
        """What was asked of it next; never with anything that a person wrote."""
        told = json.loads(read_line(self.process, "(.*)").group(1))
        if re.search("|".join(WRITTEN.split()), json.dumps(told)):
            raise Failed(f"told to everybody: {told}")
        return told

    def hear(self, title, body=""):
        told = self.heard()
        if not re.search(f"^{title}$", told.get("summary", "")) or not re.search(body, told["body"]):
            raise Failed(f"“{title}” “{body}” and not {told}")
        return told

    def hear_gone(self, n):
        told = self.heard()
        if told != {"closed": n}:
            raise Failed(f"{n} was to go, and not {told}")

    def act(self, action):
        self.process.stdin.write(action + "\n")
        self.process.stdin.flush()

    def end(self):
        """Returns: what else it was asked"""
        self.process.stdin.close()
        rest = self.process.stdout.read()
        self.desk.stop(self.process)
        return rest


class Office:
    """A supervisor's tablet, which has not got a window."""

    def __init__(self, desk, store):
        self.desk, self.store = desk, store

    def do(self, *words):
        self.desk.run("shetachctl", "--store", self.store, *words)

    def sync(self):
        self.do("sync", "--timeout", "60")

    def assign(self, n):
        """Gives the crew some of the department's tickets that nobody, or another crew, has."""
        rows = sql(self.store, "SELECT id, number FROM ticket WHERE open AND status IN ('new', 'assigned', 'reopened') AND "
                               "coalesce (crew, '') <> 'roads-1' AND department = 'roads' ORDER BY id LIMIT ?", n)
        if len(rows) < n:
            raise Failed(f"there are {len(rows)} tickets to be assigned")
        for ticket, _ in rows:
            self.do("assign", ticket, "roads-1")
        self.sync()
        return rows


def main(build, language, size):
    check = tap.Tap()
    desk = Desk(build, *map(int, size.split("x")))
    try:
        shell = Shell(desk)
        store = desk.make_store()
        office = Office(desk, desk.make_store("--supervisor", "roads"))
        sql(store, "UPDATE ticket SET doc = json_set (doc, '$.title', ?, '$.address', ?), title = ?, address = ?", *(WRITTEN,) * 4)
        ticket, number = fall_due(store, 1)
        choose(store, page="work", ticket="", quiet="never")
        hands = Hands(desk, store, language)
        say = hands.say

        def many(one, more, n):
            words = say.own.ngettext(one, more, n) if say.own else (one, more)[n != 1]
            return re.escape(words.replace("%d", str(n)).replace("%u", str(n)))

        with check.point("what falls due soon is told", hands):
            hands.open()
            told = shell.hear(re.escape(say("Due soon: %s")).replace("%s", ".+"), re.escape(number))
        with check.point("it leads to its ticket, and goes when that is looked at", hands):
            shell.act("default")
            wait_for("the ticket", lambda: hands.open_ticket() == ticket)
            shell.hear_gone(told["n"])
            hands.close()
        with check.point("once is enough; what falls due meanwhile is told together", hands):
            fall_due(store, 4)
            sql(store, "INSERT OR REPLACE INTO told SELECT id, due_at FROM ticket WHERE id = ?", ticket)
            hands.open()
            shell.hear(many("%d ticket is due soon", "%d tickets are due soon", 3))
            hands.close()
            none_due(store)
        choose(store, page="work", ticket="")
        with check.point("a new ticket is told, and On my way is done from there", hands):
            hands.open()
            (new, number), = office.assign(1)
            told = shell.hear(re.escape(say("New ticket: %s")).replace("%s", ".+"), re.escape(number))
            shell.act("app.on-my-way")
            wait_for("the step", lambda: sql(store, "SELECT status FROM ticket WHERE id = ?", new) == [("on_the_way",)])
            shell.hear_gone(told["n"])
            if hands.open_ticket() != new:
                raise Failed("another ticket is shown")
            hands.answer_toast("Undo")
            wait_for("the step back", lambda: sql(store, "SELECT status FROM ticket WHERE id = ?", new) != [("on_the_way",)])
        with check.point("a supervisor's message is told, without its words", hands):
            hands.go_to("Map")
            hands.go_to("My work")
            other = sql(store, "SELECT id, number FROM ticket WHERE open AND crew = 'roads-1' AND id <> ? AND id <> ? ORDER BY id "
                               "LIMIT 1", new, ticket)[0]
            office.do("note", other[0], WRITTEN)
            office.sync()
            told = shell.hear(re.escape(say("Message from the supervisor")), re.escape(other[1]))
            shell.act("default")
            shell.hear_gone(told["n"])
        with check.point("an answer to the crew's obstacle is told", hands):
            desk.run("shetachctl", "--store", store, "obstacle", "access", WRITTEN)
            wait_for("the obstacle to be with the hub", lambda: sql(store, "SELECT 1 FROM obstacle WHERE rev > 0"))
            office.sync()
            office.do("answer", sql(office.store, "SELECT id FROM obstacle WHERE doc ->> 'crew' = 'roads-1' ORDER BY rev DESC "
                                                  "LIMIT 1")[0][0], WRITTEN)
            office.sync()
            told = shell.hear(re.escape(say("Answer to an obstacle")))
            hands.go_to("Obstacles")
            shell.hear_gone(told["n"])
        with check.point("what the crew does itself is no news, nor what was told before", hands):
            desk.run("shetachctl", "--store", store, "note", other[0], "our own")
            wait_for("it to be with the hub", lambda: sql(store, "SELECT count(*) FROM op WHERE state < 2") == [(0,)])
            hands.close()
            hands.open()
            hands.go_to("Sync")
            hands.close()
        with check.point("in quiet hours only what is urgent and due soon is told, and the rest afterwards, together", hands):
            hour = datetime.datetime.now().astimezone().hour
            choose(store, page="work", ticket="", quiet=f"{hour:02}-{(hour + 3) % 24:02}")
            urgent, number = fall_due(store, 1, "urgent")
            sql(store, "DELETE FROM told")
            hands.open()
            shell.hear(re.escape(say("Due soon: %s")).replace("%s", ".+"), re.escape(number))
            office.assign(2)
            ids = [row[0] for row in sql(store, "SELECT id FROM ticket WHERE open AND crew = 'roads-1' ORDER BY id")]
            office.do("note", [one for one in ids if one != urgent][0], WRITTEN)
            office.do("note", [one for one in ids if one != urgent][1], WRITTEN)
            office.sync()
            wait_for("all of it to be here", lambda: sql(store, "SELECT count(*) FROM notice WHERE NOT told") == [(4,)])
            hands.close()
            choose(store, quiet="never")
            hands.open()
            shell.hear(re.escape(say("News for your crew")),
                       many("%u new ticket", "%u new tickets", 2) + " · "
                       + many("%u message from the supervisor", "%u messages from the supervisor", 2))
            hands.close()
        with check.point("that was all", hands):
            rest = shell.end()
            if rest.strip():
                raise Failed(rest)
    finally:
        desk.close()
    check.end()


if sys.argv[1] == "--desktop":
    desktop()
else:
    main(*sys.argv[1:])
