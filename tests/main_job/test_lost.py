# SPDX-License-Identifier: GPL-3.0-or-later
"""The hub killed in the middle, and answers that never come: no duplicate, nothing missing."""
import threading

from harness import (FIRST_CHUNK, LARGEST_CHUNK, NO_PHOTOS, TIME_LIMIT, Hub, equal, expect, finish, main, own, picture, test,
                     to_work_on)
from proxy import Cut, Proxy

NOTES = 90


def behind_proxy(folder):
    hub = Hub(f"{folder}/hub").start()
    proxy = Proxy(hub.port)
    return hub, proxy, hub.tablet("tablet", url=proxy.url)


def write_notes(tablet, tickets, n=NOTES):
    for i in range(n):
        tablet.do("note", tickets[i % len(tickets)], f"note {i}")


def check_notes(hub, tablet, tickets, n=NOTES):
    for j, ticket in enumerate(tickets):
        for view in (hub.ticket(ticket), tablet.show(ticket)):
            equal([event["data"]["text"] for event in own(view, tablet.device) if event["kind"] == "note"],
                  [f"note {i}" for i in range(j, n, len(tickets))], "once each and in order")


class Once:
    """A hook that does something at its first call for which it holds, and cuts the connection then."""

    def __init__(self, does, holds):
        self.does, self.holds = does, holds
        self.happened = threading.Event()
        self.busy = False

    def __call__(self, *what):
        if self.busy or not self.holds(*what):
            return
        self.busy = True
        self.does()
        self.happened.set()
        raise Cut


def is_push(method, path, *rest):
    return path == "/v1/sync/push"


def sync_through(hub, tablet, once):
    """One sync into which the hub dies; it is started again at once, and a sync must then complete."""
    process = tablet.start("sync", "--json")
    expect(once.happened.wait(TIME_LIMIT), "it never came to that")
    hub.start()
    done = finish(process, status=None)
    if done.status != 0:
        tablet.sync()
    result = tablet.sync()
    equal([result[key] for key in ("pushed", "uploaded", "pending", "conflicts")], [0, 0, 0, 0])
    tablet.agrees()


def kill_in_push(folder, hook, holds):
    hub, proxy, tablet = behind_proxy(folder)
    tickets = to_work_on(tablet, 3)
    write_notes(tablet, tickets)
    once = Once(hub.kill, holds)
    setattr(proxy, hook, once)
    sync_through(hub, tablet, once)
    check_notes(hub, tablet, tickets)
    hub.stop()
    proxy.close()


@test
def the_hub_killed_while_a_push_comes_in(folder):
    kill_in_push(folder, "on_body", lambda method, path, sent, length: is_push(method, path) and sent >= length // 2)


@test
def the_hub_killed_while_it_takes_a_push_in(folder):
    kill_in_push(folder, "on_whole", is_push)


@test
def the_hub_killed_when_it_answers_a_push(folder):
    kill_in_push(folder, "on_reply", is_push)


@test
def the_reply_of_a_push_dropped_after_its_commit(folder):
    hub, proxy, tablet = behind_proxy(folder)
    tickets = to_work_on(tablet, 3)
    write_notes(tablet, tickets, 30)
    once = proxy.on_reply = Once(lambda: None, is_push)
    before = proxy.count("POST", "/v1/sync/push")
    # It is known here only as sent; a hub that answers again is asked again.
    result = tablet.sync()
    expect(once.happened.is_set())
    equal(proxy.count("POST", "/v1/sync/push") - before, 2, "pushes")
    equal([result["pushed"], result["pending"], result["conflicts"]], [30, 0, 0])
    tablet.agrees()
    check_notes(hub, tablet, tickets, 30)
    hub.stop()
    proxy.close()


@test
def a_reply_dropped_and_the_tablet_ended_before_it_could_ask_again(folder):
    hub, proxy, tablet = behind_proxy(folder)
    ticket = to_work_on(tablet)
    tablet.do("status", ticket, "in_progress")
    once = proxy.on_reply = Once(lambda: process.kill(), is_push)
    process = tablet.start("sync")
    finish(process, status=-9)
    expect(once.happened.is_set())
    equal([row["state"] for row in tablet.outbox()], ["sent"])
    # What is done now comes after it, and does not conflict with it.
    tablet.do("status", ticket, "done", *NO_PHOTOS)
    result = tablet.sync()
    equal([result["pending"], result["conflicts"]], [0, 0])
    tablet.agrees()
    steps = [event["data"]["to"] for event in own(hub.ticket(ticket), tablet.device)]
    equal(steps, ["in_progress", "done"])
    hub.stop()
    proxy.close()


def is_photo(path):
    return path.startswith("/v1/files/") and len(path) > len("/v1/files/")


def photo_bytes(proxy):
    return {path: sent for (method, path), sent in proxy.body_bytes.items() if method == "PATCH" and is_photo(path)}


def a_large_photo(folder, tablet, ticket):
    """Attaches one and tells how many bytes of it are to be sent."""
    tablet.do("photo", ticket, picture(f"{folder}/large.jpg", width=1600, height=1200, noise=4))
    size = next(row["size"] for row in tablet.outbox() if row["kind"] == "photo.bytes")
    expect(size > LARGEST_CHUNK, "a photo of more than one chunk:", size)
    return size


def kill_in_upload(folder, hook, holds):
    hub, proxy, tablet = behind_proxy(folder)
    ticket = to_work_on(tablet)
    size = a_large_photo(folder, tablet, ticket)
    once = Once(hub.kill, lambda method, path, *rest: method == "PATCH" and holds(
        proxy.body_bytes.get((method, path), 0), size))
    setattr(proxy, hook, once)
    sync_through(hub, tablet, once)
    check_upload(hub, proxy, tablet, ticket, size, cuts=1)


def check_upload(hub, proxy, tablet, ticket, size, cuts):
    sent = max(photo_bytes(proxy).values())
    print(f"# {size} bytes, {sent} on the wire")
    expect(size <= sent <= size + cuts * LARGEST_CHUNK, "sent again:", sent - size)
    equal(len([path for path, n in photo_bytes(proxy).items() if n > size // 2]), 1, "uploads of it")
    tablet.agrees()
    equal([photo["state"] for photo in hub.ticket(ticket)["photos"]], ["confirmed"])
    expect(hub.do("check").out.startswith("1 photos re-hashed, 0 faults"))
    hub.stop()
    proxy.close()


@test
def the_hub_killed_in_the_first_chunk_of_an_upload(folder):
    kill_in_upload(folder, "on_body", lambda sent, size: sent > FIRST_CHUNK // 2)


@test
def the_hub_killed_in_the_last_chunk_of_an_upload(folder):
    kill_in_upload(folder, "on_body", lambda sent, size: sent > size - FIRST_CHUNK // 2)


@test
def the_hub_killed_when_it_confirms_a_chunk(folder):
    kill_in_upload(folder, "on_reply", lambda sent, size: FIRST_CHUNK <= sent < size)


@test
def the_hub_killed_when_it_confirms_an_upload(folder):
    kill_in_upload(folder, "on_reply", lambda sent, size: sent == size)


@test
def the_link_cut_again_and_again_in_an_upload(folder):
    hub, proxy, tablet = behind_proxy(folder)
    ticket = to_work_on(tablet)
    size = a_large_photo(folder, tablet, ticket)
    cuts = []

    def cut(method, path, sent, length):
        if method == "PATCH" and length > FIRST_CHUNK and len(cuts) < 3 and sent >= length // 3:
            cuts.append(sent)
            raise Cut

    proxy.on_body = cut
    while tablet.do("sync", status=None).status != 0:
        expect(len(cuts) <= 3)
    equal(len(cuts), 3)
    check_upload(hub, proxy, tablet, ticket, size, cuts=3)


main()
