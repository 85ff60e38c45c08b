#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test-faults.py BUILD he|en: what a worker is told when something goes wrong.

Each fault of the table in app/tablet/sync/README.md is brought about for a real window, which has to say the sentence that
stands there, in the language of the tablet."""

import contextlib
import http.server
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import threading

import tap

tap.need("Xvfb", "dbus-daemon", "xdotool", "gdbus")
try:
    from hands import Hands
    from harness import Desk, choose, point_at
except (ImportError, ValueError) as missing:
    tap.skip(missing)
sys.path.insert(0, os.environ["SHETACH_SAMPLE"])
sys.dont_write_bytecode = True
import photo as sample_photo  # noqa: E402

TABLE = os.path.join(os.path.dirname(__file__), "../../app/tablet/sync/README.md")
MIB = 1 << 20
DISK_MIB = 96


class Sentences:
    """The table: what a fault is called there, and its sentence in both languages."""

    def __init__(self, language):
        with open(TABLE, encoding="utf-8") as file:
            rows = re.findall(r"^\| `([a-z-]+)` \| [^|]* \| ([^|]*) \| ([^|]*) \|$", file.read(), re.M)
        self.rows = {name: (english.strip(), hebrew.strip())[language == "he"] for name, english, hebrew in rows}
        self.english = {name: english.strip() for name, english, _ in rows}
        self.seen = set()

    @staticmethod
    def in_catalogue(hands, english):
        """A reason is half a sentence there; the page begins it with a capital letter."""
        own = hands.say.own
        return english if own is None else next(
            (own.gettext(text) for text in (english, english[0].lower() + english[1:]) if own.gettext(text) != text), None)

    def see(self, hands, name):
        self.seen.add(name)
        said = self.in_catalogue(hands, self.english[name])
        if said != self.rows[name]:
            raise AssertionError(f"the table has another sentence for {name}: {said}")
        hands.window.find("label", re.escape(self.rows[name]))


@contextlib.contextmanager
def answering(status, body):
    """Something at the hub's address that answers all requests alike."""
    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, *what):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def opened(desk, store, language):
    choose(store, page="sync")
    hands = Hands(desk, store, language)
    hands.open()
    hands.go_to("Sync")
    return hands


def a_fault(desk, store, language, check, sentences, name):
    hands = opened(desk, store, language)
    with check.point(f"{name} is told", hands):
        sentences.see(hands, name)
        hands.close()


def answers(desk, store, language, check, sentences):
    before = point_at(store, "http://127.0.0.1:1")
    a_fault(desk, store, language, check, sentences, "no-signal")
    for name, status, body in (("hub-trouble", 503, b""), ("newer-hub", 200, b"<html>")):
        with answering(status, body) as url:
            point_at(store, url)
            a_fault(desk, store, language, check, sentences, name)
    point_at(store, before)


def login(desk, store, language, check, sentences):
    with sqlite3.connect(os.path.join(desk.hub_data, "hub.db")) as db:
        db.execute("UPDATE device SET token_hash = token_hash || 'x'")
    a_fault(desk, store, language, check, sentences, "login-ended")
    with sqlite3.connect(os.path.join(desk.hub_data, "hub.db")) as db:
        db.execute("UPDATE device SET token_hash = substr(token_hash, 1, length(token_hash) - 1)")


def damaged_photo(desk, store, language, check, sentences):
    with sqlite3.connect(os.path.join(store, "store.db")) as db:
        ticket = db.execute("SELECT id FROM ticket WHERE open AND status = 'assigned'").fetchone()[0]
    path = os.path.join(desk.folder, "photo.jpg")
    with open(path, "wb") as file:
        file.write(sample_photo.make(3))
    desk.run("shetachctl", "--store", store, "photo", ticket, path)
    with sqlite3.connect(os.path.join(store, "store.db")) as db:
        sha256 = db.execute("SELECT sha256 FROM blob WHERE is_thumb = 0").fetchone()[0]
    with open(os.path.join(store, "photos", sha256[:2], sha256), "r+b") as file:
        file.seek(500)
        file.write(b"another")
    a_fault(desk, store, language, check, sentences, "photo-damaged")


def broken_store(desk, store, language, check, sentences):
    with sqlite3.connect(os.path.join(store, "store.db")) as db:
        db.execute("ALTER TABLE blob RENAME TO damaged")
    a_fault(desk, store, language, check, sentences, "disk-fails")


def leave(disk, left):
    path = os.path.join(disk, "ballast")
    with contextlib.suppress(OSError):
        os.unlink(path)
    info = os.statvfs(disk)
    with open(path, "wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(1, info.f_bavail * info.f_frsize - left))


def full(desk, language, check, sentences):
    disk = tempfile.mkdtemp(prefix="disk-", dir=desk.folder)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_MIB}m", "tmpfs", disk], check=False, capture_output=True)
    if mounted.returncode != 0:
        print("# a small disk cannot be mounted here")
        return
    try:
        store = desk.enrol(os.path.join(disk, "store"))
        for name, left in (("space-short", 40 * MIB), ("no-photos", 20 * MIB), ("full", 0)):
            leave(disk, left)
            a_fault(desk, store, language, check, sentences, name)
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


def main(build, language):
    check, sentences = tap.Tap(), Sentences(language)
    desk = Desk(build)
    try:
        store = desk.make_store()
        answers(desk, store, language, check, sentences)
        login(desk, store, language, check, sentences)
        damaged_photo(desk, store, language, check, sentences)
        full(desk, language, check, sentences)
        broken_store(desk, store, language, check, sentences)
        with check.point("each row of the table was seen"):
            missing = set(sentences.rows) - sentences.seen - ({"space-short", "no-photos", "full"} if os.geteuid() else set())
            if missing or len(sentences.rows) < 8:
                raise AssertionError(f"not seen: {missing} of {len(sentences.rows)}")
    finally:
        desk.close()
    check.end()


main(*sys.argv[1:])
