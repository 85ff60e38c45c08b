# SPDX-License-Identifier: GPL-3.0-or-later
"""shetachctl killed at any moment: what was answered is there, and nothing is half there."""
import os
import random
import sqlite3
import subprocess
import time

from harness import Hub, equal, expect, finish, main, own, picture, sha256, test, to_work_on

RUNS = 150
PHOTO_EVERY = 5


def usual_times(tablet, ticket, photo):
    """How long the commands take here, so that the kills fall into them."""
    times = {}
    for words in (("note", ticket, "how long"), ("photo", ticket, photo)):
        begun = time.monotonic()
        tablet.do(*words)
        times[words[0]] = time.monotonic() - begun
    return times


def commands(tickets, folder):
    """What to do, and by which words it is known again."""
    for i in range(RUNS):
        ticket, mark = tickets[i % len(tickets)], f"mark {i}"
        if i % PHOTO_EVERY == 0:
            path = picture(f"{folder}/{i}.jpg", seed=100 + i, width=160, height=120)
            yield mark, "photo", ("photo", ticket, path, "--caption", mark)
        elif i % 2:
            yield mark, "note", ("note", ticket, mark)
        else:
            status = "waiting" if i // (2 * len(tickets)) % 2 else "in_progress"
            yield mark, "status", ("status", ticket, status, "--reason", mark)


def run_and_kill(tablet, folder, tickets, times, rng):
    """The marks that were answered, by what they are of, and how many were killed."""
    answered, killed = {}, 0
    # By how much later than usual a kill may come: later after one that fell, earlier after one that did not, so that
    # both happen however busy the machine gets meanwhile.
    late = 1.2
    for mark, kind, words in commands(tickets, folder):
        process = tablet.start(*words)
        try:
            process.wait(rng.uniform(0, late) * times["photo" if kind == "photo" else "note"])
        except subprocess.TimeoutExpired:
            process.kill()
        # It may have come to its end before the signal did.
        done = finish(process, status=None)
        late *= 1 / 1.08 if done.status == 0 else 1.05
        if done.status == 0:
            answered[mark] = kind
        elif done.status == -9:
            killed += 1
        else:
            # A status that the ticket has already, because the one in between was killed, is no step.
            expect(kind == "status" and done.status == 1, done)
    return answered, killed


def mark_of(row):
    fields = row["fields"]
    return fields.get("text") or fields.get("reason") or fields.get("photo", {}).get("caption")


def check_whole(tablet, tickets):
    """That each operation has its effect and each effect its operation; the marks there are."""
    with sqlite3.connect(f"{tablet.folder}/store.db") as db:
        equal(db.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
        equal(db.execute("PRAGMA foreign_key_check").fetchall(), [])
    rows = tablet.outbox()
    operations = {row["id"]: row for row in rows if row["kind"] != "photo.bytes"}
    waiting = {row["id"]: row for row in rows if row["kind"] == "photo.bytes"}
    events, photos = {}, {}
    for ticket in tickets:
        shown = tablet.show(ticket)
        for event in shown["events"]:
            if event["state"] != "confirmed":
                events[event["id"]] = event
        for photo in shown["photos"]:
            photos[photo["id"]] = photo
        steps = [event["data"]["to"] for event in own(shown, tablet.device) if event["kind"] == "status"]
        equal(shown["status"], steps[-1] if steps else "assigned", "the status after all steps")
    equal(set(events), set(operations), "events and operations")
    equal(set(photos), set(waiting), "photos and bytes that wait")
    equal(set(photos), {row["fields"]["photo"]["id"] for row in operations.values()
                        if row["kind"] == "photo.attach"}, "photos and their operations")
    for photo in photos.values():
        held = f"{tablet.folder}/photos/{photo['sha256'][:2]}/{photo['sha256']}"
        equal(sha256(held), photo["sha256"], "the photo's bytes")
    return {mark_of(row) for row in operations.values()}


@test
def killed_at_random_nothing_answered_is_lost_and_nothing_is_half_there(folder):
    seed = int(os.environ.get("SHETACH_SEED") or random.randrange(1 << 32))
    print(f"# SHETACH_SEED={seed}")
    rng = random.Random(seed)
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("tablet")
    hub.stop()
    *tickets, other = to_work_on(tablet, 7)
    times = usual_times(tablet, other, picture(f"{folder}/first.jpg", width=160, height=120))
    answered, killed = run_and_kill(tablet, folder, tickets, times, rng)
    print(f"# {len(answered)} answered, {killed} killed")
    expect(killed > RUNS // 10 and len(answered) > RUNS // 10, "too few of a kind")
    there = check_whole(tablet, [*tickets, other])
    expect(set(answered) <= there, "answered and lost:", set(answered) - there)

    hub.start()
    result = tablet.sync()
    equal([result["pending"], result["conflicts"]], [0, 0])
    tablet.agrees()
    marks = []
    for ticket in [*tickets, other]:
        for event in own(hub.ticket(ticket), tablet.device):
            data = event["data"]
            marks.append(data.get("text") or data.get("reason") or data.get("caption"))
    equal(len(marks), len(set(marks)), "each once")
    equal(set(marks), there, "at the hub")
    expect("0 faults" in hub.do("check").out)


@test
def killed_in_the_middle_of_a_sync_the_next_one_completes(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("tablet")
    rng = random.Random(1)
    tickets = to_work_on(tablet, 3)
    begun = time.monotonic()
    tablet.sync()
    usual = 3 * (time.monotonic() - begun)
    for i in range(12):
        tablet.do("note", tickets[i % 3], f"mark {i}")
        tablet.do("photo", tickets[i % 3], picture(f"{folder}/{i}.jpg", seed=i, noise=3))
        process = tablet.start("sync")
        try:
            process.wait(rng.uniform(0, usual))
        except subprocess.TimeoutExpired:
            process.kill()
        finish(process, status=None)
    equal(tablet.sync()["pending"], 0)
    tablet.agrees()
    texts = [event["data"]["text"] for ticket in tickets for event in own(hub.ticket(ticket), tablet.device)
             if event["kind"] == "note"]
    equal(sorted(texts), sorted(f"mark {i}" for i in range(12)))
    equal(sum(len(hub.ticket(ticket)["photos"]) for ticket in tickets), 12)
    expect(hub.do("check").out.startswith("12 photos re-hashed, 0 faults"))


main()
