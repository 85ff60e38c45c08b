# SPDX-License-Identifier: GPL-3.0-or-later
"""A shift without a hub, and one sync."""
import sqlite3
import os

from harness import NO_PHOTOS, Hub, equal, expect, main, own, pictures, sha256, test, to_work_on

# What a crew does to a ticket that it was given, step by step.
STEPS = ["on_the_way", "in_progress", "waiting", "in_progress", "done"]


def work_a_shift(tablet, tickets, photos):
    """50 statuses, 50 notes and the photos, in turns; what was done to each ticket, in order."""
    done = {ticket: [] for ticket in tickets}
    photos = list(photos)
    for round_, status in enumerate(STEPS):
        for ticket in tickets:
            tablet.do("status", ticket, status, *(NO_PHOTOS if status == "done" else ("--reason", f"round {round_}")))
            done[ticket].append(("status", status))
            tablet.do("note", ticket, f"הערה {round_}: {status}")
            done[ticket].append(("note", f"הערה {round_}: {status}"))
            if round_ in (1, 3) and photos:
                path = photos.pop(0)
                tablet.do("photo", ticket, path, "--role", "before" if round_ == 1 else "after",
                          "--caption", os.path.basename(path))
                done[ticket].append(("photo", os.path.basename(path)))
    equal(photos, [], "photos left")
    return done


def told(event):
    data = event["data"]
    return {"status": ("status", data.get("to")), "note": ("note", data.get("text")),
            "photo": ("photo", data.get("caption"))}[event["kind"]]


@test
def a_shift_without_the_hub_arrives_by_one_sync(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("tablet", person="worker-1")
    hub.stop()
    tickets = to_work_on(tablet, 10)
    photos = pictures(folder)
    done = work_a_shift(tablet, tickets, photos)

    outbox = tablet.outbox()
    kinds = [row["kind"] for row in outbox]
    equal([kinds.count(kind) for kind in ("ticket.status", "ticket.note", "photo.attach", "photo.bytes")],
          [50, 50, 14, 14])
    expect(all(row["state"] == "on_device" for row in outbox))
    for ticket in tickets:
        shown = tablet.show(ticket)
        equal(shown["status"], "done")
        equal([told(event) for event in own(shown, tablet.device)], done[ticket], "the journey on the tablet")
        expect(all(photo["state"] == "on_device" for photo in shown["photos"]))

    hub.start()
    result = tablet.sync()
    equal([result[key] for key in ("pushed", "uploaded", "pending", "conflicts")], [114, 14, 0, 0])
    equal(tablet.outbox(), [])
    tablet.agrees()
    equal(tablet.sync()["pushed"], 0)

    by_caption = {os.path.basename(path): path for path in photos}
    for ticket in tickets:
        there, here = hub.ticket(ticket), tablet.show(ticket)
        equal(there["status"], "done")
        for view in (there, here):
            equal([told(event) for event in own(view, tablet.device)], done[ticket], "the journey")
        for view in (there, here):
            for photo in view["photos"]:
                equal(photo["source_sha256"], sha256(by_caption[photo["caption"]]))
                equal(photo["state"], "confirmed")
                held = f"{hub.folder}/photos/{photo['sha256'][:2]}/{photo['sha256']}"
                equal(sha256(held), photo["sha256"])
                equal(os.path.getsize(held), photo["size"])
    equal(sum(len(hub.ticket(ticket)["photos"]) for ticket in tickets), 14)
    expect(hub.do("check").out.startswith("14 photos re-hashed, 0 faults"))

    # Each once, in the order in which they were done.
    order = [row["id"] for row in outbox if row["kind"] != "photo.bytes"]
    with sqlite3.connect(f"file:{hub.folder}/hub.db?mode=ro", uri=True) as db:
        log = db.execute("SELECT op FROM applied_op WHERE device = ? ORDER BY number", (tablet.device,))
        equal([op for op, in log], order, "the hub's log")


@test
def the_same_picture_twice_hangs_on_the_ticket_once(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("tablet")
    ticket = to_work_on(tablet)
    path = pictures(folder)[0]
    tablet.do("photo", ticket, path)
    again = tablet.do("photo", ticket, path)
    expect(len(again.said) == 1 and "already" in again.said[0], again)
    equal(tablet.sync()["uploaded"], 1)
    equal(len(hub.ticket(ticket)["photos"]), 1)


main()
