# SPDX-License-Identifier: GPL-3.0-or-later
"""Traps of the sync design that real programs fall into; each has a mutant in tests/mutants."""
import os
import sqlite3
import subprocess
import sys

import points  # first: it knows where the harness lies
from points import the_walk
from shift import marks_of

import harness
from harness import Hub, Tablet, equal, expect, finish, main, own, picture, refused, test, to_work_on, wait_until
from proxy import Cut, Proxy

points.main(sys.argv)


@test
def trap_11_killed_mid_write_is_not_stuck(folder):
    """What a killed program leaves half made is in nobody's way: killed at every third file that it made."""
    walk = the_walk()
    for who in ("crew", "hub"):
        made = walk.counts[1][who]["make"]
        chosen = range(1, made + 1, 3)
        expect(len(chosen) >= 3, who, "made", made)
        for n in chosen:
            expect(walk.run_one(who, f"kill-after@make:{n}", 0), "not come to", who, n)


@test
def trap_17_right_size_wrong_bytes(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("tablet")
    ticket, other = to_work_on(tablet, 2)
    tablet.do("photo", ticket, picture(f"{folder}/a.jpg", seed=1))
    tablet.do("photo", other, picture(f"{folder}/b.jpg", seed=2))
    with sqlite3.connect(f"{tablet.folder}/store.db") as db:
        sha256 = db.execute("SELECT sha256 FROM blob WHERE is_thumb = 0 ORDER BY n").fetchone()[0]
    with open(f"{tablet.folder}/photos/{sha256[:2]}/{sha256}", "r+b") as file:
        file.seek(700)
        file.write(b"bytes of another file")
    result = tablet.sync()
    equal([result["pending"], result["conflicts"]], [0, 1], "the damaged one is set aside")
    (row,) = tablet.do("conflicts", "--json").json()
    expect("damaged" in row["reason"], row)
    expect(not os.path.exists(f"{hub.folder}/photos/{sha256[:2]}/{sha256}"), "the hub has taken other bytes")
    equal([photo["state"] for photo in hub.ticket(other)["photos"]], ["confirmed"], "the next did not wait for it")
    expect("0 faults" in hub.do("check").out)


@test
def trap_20_an_upload_whose_entry_failed_is_not_stuck(folder):
    """The hub's database cannot be written at one moment of the end of an upload; the next attempt has to find its file."""
    walk = the_walk()
    writes = walk.counts[1]["hub"]["write"]
    reached = sum(walk.run_one("hub", f"eio@write:{n}", 0) for n in range(writes - 60, writes, 6))
    expect(reached >= 8, "only", reached)


def end_logins(hub):
    with sqlite3.connect(f"{hub.folder}/hub.db") as db:
        db.execute("UPDATE device SET token_hash = 'of nobody'")


def open_window(tablet):
    return subprocess.Popen([os.environ["SHETACH_FAULTS_LIVE"], tablet.folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, env={**os.environ, **harness.SANITIZER})


def answer_of(window, line):
    window.stdin.write(f"{line}\n".encode())
    window.stdin.flush()
    return window.stdout.readline().decode().strip()


@test
def trap_24_an_expired_login_blocks_no_work_and_is_called_what_it_is(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("tablet")
    ticket = to_work_on(tablet)
    end_logins(hub)
    tablet.do("note", ticket, "before it was noticed")
    done = refused_sync(tablet)
    expect("password" not in done.err.lower() and "enrol" in done.err.lower(), done)
    tablet.do("note", ticket, "and after")
    tablet.do("status", ticket, "in_progress", "--reason", "the work goes on")
    refused_sync(tablet)
    equal({row["state"] for row in tablet.outbox()} <= {"on_device", "sent"}, True, "nothing is refused for it")
    tablet.do("enrol", hub.url, hub.code("--crew", "roads-1"))
    equal(tablet.sync()["pending"], 0)
    equal(marks_of(own(hub.ticket(ticket), tablet.device)), ["before it was noticed", "and after", "the work goes on"])
    tablet.agrees()


@test
def trap_24_a_window_goes_on_by_the_login_that_another_program_was_given(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("tablet")
    ticket = to_work_on(tablet)
    live = open_window(tablet)
    end_logins(hub)
    tablet.do("note", ticket, "while it was ended")
    wait_until(lambda: tablet.outbox()[0]["state"] == "sent", "the window tries")
    tablet.do("enrol", hub.url, hub.code("--crew", "roads-1"))
    tablet.do("note", ticket, "and after")
    wait_until(lambda: not tablet.outbox(), "the window sends", 30)
    finish(live)
    equal(marks_of(own(hub.ticket(ticket), tablet.device)), ["while it was ended", "and after"])
    tablet.agrees()


@test
def trap_24_a_window_does_its_work_as_whom_another_program_has_enrolled(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("tablet", person="worker-1")
    ticket = to_work_on(tablet)
    live = open_window(tablet)
    end_logins(hub)
    tablet.do("note", ticket, "while it was ended")
    wait_until(lambda: tablet.outbox()[0]["state"] == "sent", "the window tries")
    tablet.do("enrol", hub.url, hub.code("--crew", "roads-1", "--person", "worker-2"))
    wait_until(lambda: not tablet.outbox(), "the window sends", 30)
    equal(answer_of(live, f"status {ticket} in_progress"), "ok")
    finish(live)
    with sqlite3.connect(f"{tablet.folder}/store.db") as db:
        equal(db.execute("SELECT bytes ->> '$.actor' FROM op WHERE kind = 'ticket.status'").fetchall(), [("worker-2",)])


@test
def trap_24_a_window_that_waits_for_a_login_goes_on_by_another_programs(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = Tablet(f"{folder}/tablet")
    live = open_window(tablet)
    equal(answer_of(live, "note nothing yet"), "no", "it has no tickets")
    tablet.do("enrol", hub.url, hub.code("--crew", "roads-1"))
    wait_until(lambda: tablet.list(), "the window pulls", 30)
    finish(live)


def refused_sync(tablet):
    return refused(tablet.do("sync", status=1))


@test
def trap_29_a_lost_last_reply_does_not_keep_a_push_back_for_ever(folder):
    hub = Hub(f"{folder}/hub").start()
    proxy = Proxy(hub.port)
    tablet = hub.tablet("tablet", url=proxy.url)
    ticket = to_work_on(tablet)
    tablet.do("note", ticket, "its reply is lost")
    process = None

    def lose(method, path):
        if path == "/v1/sync/push":
            process.kill()
            raise Cut

    proxy.on_reply = lose
    process = tablet.start("sync")
    finish(process, status=-9)
    equal([row["state"] for row in tablet.outbox()], ["sent"])
    proxy.on_reply = lambda *what: None
    equal(tablet.sync()["pending"], 0, "it goes again by itself")
    tablet.agrees()
    equal(marks_of(own(hub.ticket(ticket), tablet.device)), ["its reply is lost"])
    proxy.close()


main()
