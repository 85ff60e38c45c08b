# SPDX-License-Identifier: GPL-3.0-or-later
"""Half a shift by the real programs, in parts that can each be begun from a copy of what the one before left; and what
has to hold after it, whatever happened meanwhile."""
import contextlib
import json
import os
import shutil
import sqlite3
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "main_job"))
import harness  # noqa: E402
from harness import WITHOUT, Hub, Tablet, equal, expect, listening, own, picture, sha256, to_work_on  # noqa: E402

TICKETS = 60
MOST_TRIES = 8
KILLED = -9
REPORT = "a hole on the way"


class KeptHub(Hub):
    """A hub that is started again as soon as it ends, as a machine's service manager does; nobody helps it otherwise."""

    def __init__(self, folder):
        super().__init__(folder, sample=False)
        self.wanted = False
        self.ended = 0
        self.keeper = None
        self.on_refused = lambda: None

    def start(self, *options):
        self.wanted = True
        self.begin(options)
        self.keeper = threading.Thread(target=self.keep, args=(options,), daemon=True)
        self.keeper.start()
        return self

    def begin(self, options):
        for _ in range(MOST_TRIES):
            try:
                return super().start(*options)
            except AssertionError:
                # It did not come as far as listening: the fault was in its beginning.
                self.process.wait(harness.TIME_LIMIT)
                self.let_go()
                self.ended += 1
        raise AssertionError("the hub does not start again")

    def let_go(self):
        self.process.stdout.close()
        self.errors.close()
        harness.running.remove(self)

    def keep(self, options):
        while True:
            self.process.wait()
            if not self.wanted:
                return
            self.ended += 1
            self.let_go()
            self.begin(options)

    def stop(self):
        self.wanted = False
        self.process.terminate()
        self.keeper.join(harness.TIME_LIMIT)
        self.let_go()

    def do(self, *words, status=0):
        """An office's command that was killed is given again."""
        for _ in range(MOST_TRIES):
            done = super().do(*words, status=None)
            if done.status == status:
                return done
            self.on_refused()
        raise AssertionError(str(done))


class Worker(Tablet):
    """Who holds a tablet: does a thing, and when it was not answered, looks, and does it again if it is not there."""

    def __init__(self, folder):
        super().__init__(folder)
        self.answered = []    # what was answered by exit status 0
        self.refused = 0      # how often a command ended with 1
        self.killed = 0
        self.on_answered = lambda: None
        self.on_refused = lambda: None

    def look(self, *words):
        for _ in range(MOST_TRIES):
            done = self.do(*words, status=None)
            if done.status == 0:
                return done.json()
            self.note_end(done)
        raise AssertionError(str(done))

    def note_end(self, done):
        expect(done.status in (KILLED, 1), done)
        self.killed += done.status == KILLED
        if done.status == 1:
            self.refused += 1
            self.on_refused()

    def show(self, ticket):
        return self.look("show", ticket, "--json")

    def step(self, mark, is_there, *words):
        self.until_done(is_there, *words)
        self.answered.append(mark)
        self.on_answered()

    def until_done(self, is_there, *words):
        for _ in range(MOST_TRIES):
            done = self.do(*words, status=None)
            if done.status == 0:
                return
            self.note_end(done)
            if is_there():
                return
        raise AssertionError(str(done))

    def marked(self, ticket, mark):
        return lambda: mark in marks_of(self.show(ticket)["events"])

    def status(self, ticket, status, mark, *more):
        self.step(mark, self.marked(ticket, mark), "status", ticket, status, *more, "--reason", mark)

    def note(self, ticket, mark):
        self.step(mark, self.marked(ticket, mark), "note", ticket, mark)

    def photo(self, ticket, path, role, mark):
        self.step(mark, self.marked(ticket, mark), "photo", ticket, path, "--role", role, "--caption", mark)

    def sync(self, status=0):
        for _ in range(MOST_TRIES):
            done = self.do("sync", status=None)
            if done.status == status:
                return done
            self.note_end(done)
        raise AssertionError(str(done))


def point_at(tablet, url):
    """The hub has another address from now on."""
    path = os.path.join(tablet.folder, "device.json")
    with open(path, encoding="utf-8") as file:
        device = json.load(file)
    device["url"] = url
    with open(path, "w", encoding="utf-8") as file:
        json.dump(device, file)


def marks_of(events):
    return [event["data"].get("text") or event["data"].get("reason") or event["data"].get("caption")
            or event["data"].get("without", {}).get("after")
            for event in events if event["kind"] in ("note", "status", "photo")]


def opened(path):
    """To be closed before its folder is copied: whoever closes a file gives up this whole process's locks on it."""
    return contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True))


class State:
    """Where a shift stands between two parts: folders, and what was done. Copied, it can be gone on from."""

    def __init__(self, folder):
        self.folder = folder
        self.notes = {"answered": [], "tickets": {}}

    def at(self, name):
        return os.path.join(self.folder, name)

    def save(self):
        with open(self.at("notes.json"), "w", encoding="utf-8") as file:
            json.dump(self.notes, file)

    def copy(self, folder):
        shutil.copytree(self.folder, folder, ignore=shutil.ignore_patterns("reserve"))
        state = State(folder)
        with open(state.at("notes.json"), encoding="utf-8") as file:
            state.notes = json.load(file)
        return state


def prepare(folder):
    """A town, a crew's tablet and its supervisor's, before the shift; and the pictures that are taken in it."""
    os.mkdir(folder)
    state = State(folder)
    shutil.copytree(Hub.template(TICKETS), state.at("hub"))
    hub = Hub(state.at("hub"), sample=False).start()
    crew = hub.tablet("crew")
    tickets = to_work_on(crew, 4)
    others = [one["id"] for one in hub_tickets(state.at("hub")) if one["crew"] != "roads-1"
              and one["status"] in ("new", "reopened")]
    state.notes["tickets"] = dict(zip("abcd", tickets), new=others[0])
    hub.supervisor("boss", crew.show(tickets[1])["department"])
    hub.stop()
    for name in ("before", "after", "hole"):
        picture(state.at(f"{name}.jpg"), seed=len(name), width=320, height=240)
    # more than one piece of an upload
    picture(state.at("large.jpg"), seed=9, width=1200, height=900, noise=4)
    state.save()
    return state


def hub_tickets(folder):
    with opened(f"{folder}/hub.db") as db:
        return [{"id": row[0], **json.loads(row[1])} for row in
                db.execute("SELECT id, json_object('status', doc ->> 'status', 'crew', doc ->> 'crew') FROM entity "
                           "WHERE type = 'ticket' ORDER BY id")]


class Shift:
    """One part of the shift, under whatever environment the programs of tablet and hub are given."""

    def __init__(self, state, tablet_env=None, hub_env=None):
        self.state = state
        self.notes = state.notes
        self.hub = KeptHub(state.at("hub"))
        self.hub.env = hub_env or {}
        self.crew = Worker(state.at("crew"))
        self.crew.env = tablet_env or {}
        self.boss = Worker(state.at("boss"))
        self.crew.answered = self.notes["answered"]

    def __enter__(self):
        self.hub.start()
        for tablet in (self.crew, self.boss):
            point_at(tablet, self.hub.url)
        return self

    def __exit__(self, *what):
        self.hub.stop()
        self.state.save()

    def ticket(self, name):
        return self.notes["tickets"][name]

    def parts(self):
        return [self.set_out, self.report, self.at_odds, self.decide, self.finish]

    def set_out(self):
        self.crew.sync()
        self.crew.status(self.ticket("a"), "on_the_way", "we go")
        self.crew.status(self.ticket("a"), "in_progress", "we are there")
        self.crew.photo(self.ticket("a"), self.state.at("before.jpg"), "before", "as we found it")
        self.crew.note(self.ticket("a"), "the lane is closed")
        self.crew.sync()

    def report(self):
        self.hub.do("assign", self.ticket("new"), "roads-1")
        self.crew.step(REPORT, lambda: self.reported() is not None, "report", "--service", "road-hole", "--lat", "31.2432",
                       "--lon", "34.5917", "--title", REPORT, "--photo", self.state.at("hole.jpg"))
        self.notes["tickets"]["reported"] = self.reported()
        self.crew.on_answered()
        self.crew.note(self.ticket("reported"), "as wide as a wheel")
        self.crew.sync()
        self.crew.note(self.ticket("new"), "seen from afar")

    def reported(self):
        found = [one["id"] for one in self.crew.look("list", "--json", "--search", "hole")
                 if one.get("title") == REPORT]
        expect(len(found) < 2, "reported twice")
        return found[0] if found else None

    def at_odds(self):
        self.boss.status(self.ticket("b"), "waiting", "parts come tomorrow")
        self.boss.sync()
        self.crew.status(self.ticket("b"), "done", "mended all the same", *WITHOUT, "--without-answers")
        self.crew.note(self.ticket("c"), "on the wrong ticket")
        self.take_back(self.ticket("c"), "on the wrong ticket")
        self.crew.photo(self.ticket("c"), self.state.at("large.jpg"), "after", "all of it")
        self.crew.sync()

    def take_back(self, ticket, mark):
        is_there = self.crew.marked(ticket, mark)
        self.crew.until_done(lambda: not is_there(), "undo", ticket)
        self.crew.answered.remove(mark)
        self.crew.on_answered()

    def decide(self):
        rows = self.crew.look("conflicts", "--json")
        equal([row["field"] for row in rows], ["status"], "conflicts")
        self.crew.until_done(lambda: not self.crew.look("conflicts", "--json"), "resolve", rows[0]["id"], "--keep", "mine")
        self.crew.note(self.ticket("b"), "agreed on the telephone")
        self.crew.sync()
        self.boss.sync()

    def finish(self):
        self.crew.photo(self.ticket("a"), self.state.at("after.jpg"), "after", "as we leave it")
        self.crew.status(self.ticket("a"), "done", "open again")
        self.crew.note(self.ticket("d"), "not today")
        self.crew.sync()

    def oracle(self, may=()):
        """Nothing that was answered is lost, nothing is there twice, and both sides say the same. Of what may be there
        it is not known whether it was done."""
        self.crew.sync()
        outbox = self.crew.look("outbox", "--json")
        equal([row for row in outbox if row["state"] != "needs_attention"], [], "what has not gone")
        expect("agree" in self.crew.do("check").out)
        tickets = [self.hub.ticket(ticket) for ticket in self.notes["tickets"].values() if self.has(ticket)]
        events = [event for ticket in tickets for event in own(ticket, self.crew.device)]
        # the report says so itself, and its picture has no caption
        marks = [mark for mark in marks_of(events) if mark is not None and mark not in may]
        wanted = [mark for mark in self.crew.answered if mark not in (REPORT, *may)]
        equal(sorted(marks), sorted(wanted), "each once, and nothing that was taken back")
        if REPORT in self.crew.answered and REPORT not in may:
            equal([ticket["title"] for ticket in tickets].count(REPORT), 1, "the report")
        photos = [photo for ticket in tickets for photo in ticket["photos"]]
        equal(len([event for event in events if event["kind"] == "photo"]), len(photos), "photos and their events")
        self.check_files(photos)

    def has(self, ticket):
        with opened(self.state.at("hub/hub.db")) as db:
            return db.execute("SELECT 1 FROM entity WHERE type = 'ticket' AND id = ?", [ticket]).fetchone() is not None

    def check_files(self, photos):
        for path in (self.state.at("hub/hub.db"), self.state.at("crew/store.db")):
            with opened(path) as db:
                equal(db.execute("PRAGMA integrity_check").fetchall(), [("ok",)], path)
        checked = self.hub.do("check")
        expect(", 0 faults" in checked.out, checked)
        for photo in photos:
            equal(photo["state"], "confirmed", photo)
            held = self.state.at(f"hub/photos/{photo['sha256'][:2]}/{photo['sha256']}")
            equal(sha256(held), photo["sha256"], "the photo's bytes")
