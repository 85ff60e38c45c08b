#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sync by itself: how long a push takes beside its floor, and how soon a change is seen on a tablet that is idle:
sync.py HUB CTL ACTS SYNC FLOOR"""
import json, os, re, selectors, socket, sqlite3, statistics, sys, tempfile, threading
from programs import Hub, run, spread

HUB, CTL, ACTS, SYNC, FLOOR = sys.argv[1:6]
TICKETS = 10000
OPERATIONS = 1000
POKES = 15
IDLE_TABLETS = 200
CREW = "roads-1"


def push(top, hub):
    """The store as it was before is kept, and the hub's database from before and after, for the floor to begin and to
    end with the same rows."""
    store, before = f"{top}/push", f"{top}/push-before"
    ours, floor = [], []
    hub.enrol(store)
    hub.sync(store)
    for _ in range(7):
        run(ACTS, store, OPERATIONS, OPERATIONS)
        for old, new in ((f"{store}/store.db", f"{before}.store"), (f"{hub.folder}/hub.db", f"{before}.hub")):
            if os.path.exists(new):
                os.unlink(new)
            with sqlite3.connect(old) as db:
                db.execute("VACUUM INTO ?", (new,))
        ours.append(float(run(SYNC, "push", store)))
        floor.append(float(run(FLOOR, f"{before}.hub", f"{hub.folder}/hub.db", f"{before}.store")))
        hub.sync(store)
    print(f"push of {OPERATIONS} operations, {TICKETS} tickets")
    print(f"  floor ms {spread(floor)}")
    print(f"  push ms  {spread(ours)}: {statistics.median(ours) / statistics.median(floor):.2f} x floor (at most 2)", flush=True)


class Idle(threading.Thread):
    """Tablets that do nothing but wait at the hub, take what comes, and wait again."""

    def __init__(self, hub, tablets):
        super().__init__(daemon=True)
        self.selector = selectors.DefaultSelector()
        self.port = int(hub.url.rsplit(":", 1)[1])
        for token, cursor in tablets:
            link = socket.create_connection(("127.0.0.1", self.port))
            self.selector.register(link, selectors.EVENT_READ, {"token": token, "got": b""})
            self.ask(link, token, cursor)

    @staticmethod
    def ask(link, token, cursor):
        link.sendall(f"GET /v1/sync/pull?cursor={cursor}&limit=2000&wait=50 HTTP/1.1\r\nHost: hub\r\n"
                     f"Authorization: Bearer {token}\r\n\r\n".encode())

    def run(self):
        while self.selector.get_map():
            for key, _ in self.selector.select():
                self.take(key.fileobj, key.data)

    def take(self, link, state):
        data = link.recv(65536)
        if not data:
            self.selector.unregister(link)
            return
        state["got"] += data
        head, end, body = state["got"].partition(b"\r\n\r\n")
        length = re.search(rb"\r\ncontent-length: *(\d+)", head, re.IGNORECASE)
        if end and length and len(body) >= int(length.group(1)):
            state["got"] = b""
            self.ask(link, state["token"], json.loads(body.splitlines()[-1])["cursor"])


def poke(hub, store, boss, what):
    told = run(SYNC, "poke", hub.folder, store, boss, CREW, POKES)
    print(f"from a change at the hub until an idle tablet has it stored, {what}")
    for who in ("office", "tablet"):
        times = [float(line.split()[1]) for line in told.splitlines() if line.startswith(who)]
        print(f"  by {'the office' if who == 'office' else 'another tablet'}: ms {spread(times)} (at most 100)", flush=True)


def pokes(top, hub):
    store, boss = f"{top}/live", f"{top}/boss"
    for folder, who in ((store, ("--crew", CREW)), (boss, ("--manager",))):
        hub.enrol(folder, *who)
        hub.sync(folder)
    poke(hub, store, boss, "alone")
    crews = [one["id"] for one in json.loads(run(HUB, "crews", "--json", "--data", hub.folder))]
    tablets = []
    for crew in crews:
        folder = f"{top}/idle"
        token = hub.enrol(folder, "--crew", crew)
        hub.sync(folder)
        with sqlite3.connect(f"{folder}/store.db") as db:
            tablets.append((token, db.execute("SELECT value FROM meta WHERE key = 'cursor'").fetchone()[0]))
    Idle(hub, [tablets[i % len(tablets)] for i in range(IDLE_TABLETS)]).start()
    poke(hub, store, boss, f"{IDLE_TABLETS} others waiting")


with tempfile.TemporaryDirectory() as top:
    # A hub for each: what waits at the one would be woken by what is pushed.
    for name, measure in (("push", push), ("poke", pokes)):
        hub = Hub(HUB, CTL, f"{top}/{name}-hub", TICKETS)
        try:
            measure(top, hub)
        finally:
            hub.close()
