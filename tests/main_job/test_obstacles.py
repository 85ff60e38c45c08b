# SPDX-License-Identifier: GPL-3.0-or-later
"""Obstacles: raised with no signal, told to both departments, answered, and the answer comes back."""
import os
import sqlite3

from harness import Hub, Tablet, equal, expect, main, picture, refused, sha256, test, to_work_on

WORDS = "אין מפתח לארון החשמל"


def raise_one(tablet, *options, kind="department"):
    done = tablet.do("obstacle", kind, WORDS, *options)
    equal(done.out.count("\n"), 1, "the id and nothing else")
    return done.out.strip()


def obstacles(tablet):
    return {one["id"]: one for one in tablet.do("obstacles", "--json").json()}


def show(tablet, obstacle):
    return tablet.do("obstacles", obstacle, "--json").json()


def manager_of(hub):
    tablet = Tablet(f"{hub.folder}-manager")
    tablet.do("enrol", hub.url, hub.code("--manager"))
    return tablet


def town(folder):
    hub = Hub(f"{folder}/hub").start()
    return hub, hub.tablet("crew", person="worker-1")


@test
def raised_offline_from_a_ticket_it_is_answered_and_settled(folder):
    hub, crew = town(folder)
    lighting = hub.supervisor("lighting", "lighting")
    ticket = to_work_on(crew)
    hub.stop()
    path = picture(f"{folder}/box.jpg")
    new = raise_one(crew, "--department", "lighting", "--ticket", ticket, "--photo", path)
    here = show(crew, new)
    equal([here["kind"], here["status"], here["text"], here["ticket"], here["department"], here["from"], here["crew"]],
          ["department", "open", WORDS, ticket, "lighting", "roads", "roads-1"])
    equal([event["state"] for event in here["events"]], ["on_device", "on_device"])
    equal([op["kind"] for op in crew.outbox() if op["kind"] != "photo.bytes"], ["obstacle.raise", "obstacle.photo"])
    expect(not here["news"], "one's own words are no news")
    hub.start()
    equal([crew.sync()[name] for name in ("pending", "conflicts")], [0, 0])
    crew.agrees()
    lighting.sync()
    lighting.agrees()
    there = obstacles(lighting)[new]
    expect(there["news"] and there.get("number") is None, "the ticket is not with this department", there)
    photo = show(lighting, new)["photos"][0]
    equal([photo["source_sha256"], photo["state"], photo["role"]], [sha256(path), "confirmed", "other"])
    lighting.do("answer", new, "the key is with the gatekeeper")
    lighting.do("answer", new, "a lock of our own comes on Sunday", "--settles")
    lighting.sync()
    crew.sync()
    for one in (crew, lighting):
        one.agrees()
    back = show(crew, new)
    expect(back["news"] and back["status"] == "settled" and back["settled_at"], back)
    equal([event["data"].get("text") for event in back["events"] if event["kind"] == "answer"],
          ["the key is with the gatekeeper", "a lock of our own comes on Sunday"])
    expect(back["number"], "the crew knows the ticket's number")
    crew.do("obstacles", new, "--seen")
    expect(not show(crew, new)["news"], "it was looked at")


@test
def alone_it_is_told_to_its_own_department_only(folder):
    hub, crew = town(folder)
    roads, lighting = hub.supervisor("roads", "roads"), hub.supervisor("lighting", "lighting")
    other = hub.tablet("other", "roads-2")
    manager = manager_of(hub)
    new = raise_one(crew, kind="equipment")
    crew.sync()
    for one in (roads, lighting, other, manager):
        one.sync()
        one.agrees()
    expect(new in obstacles(roads) and new in obstacles(manager))
    expect(new not in obstacles(lighting) and new not in obstacles(other))
    refused(other.do("answer", new, "not mine", status=1), new)


@test
def a_crew_may_answer_and_not_settle(folder):
    hub, crew = town(folder)
    new = raise_one(crew)
    refused(crew.do("answer", new, "it is gone", "--settles", status=1), "settle")
    crew.do("answer", new, "still no key")
    equal(show(crew, new)["answers"], 1)
    crew.sync()
    crew.agrees()
    equal([show(crew, new)["status"], show(crew, new)["answers"]], ["open", 1])


@test
def what_is_not_sent_yet_is_taken_back_whole(folder):
    hub, crew = town(folder)
    path = picture(f"{folder}/box.jpg")
    kept = raise_one(crew)
    raise_one(crew, "--photo", path)
    for _ in range(2):
        crew.do("undo")
    crew.sync()
    equal([list(obstacles(crew)), [op["kind"] for op in crew.outbox() if op["state"] != "confirmed"]], [[kept], []])


@test
def two_answers_at_once_both_stand(folder):
    hub, crew = town(folder)
    roads, manager = hub.supervisor("roads", "roads"), manager_of(hub)
    new = raise_one(crew)
    crew.sync()
    for one in (roads, manager):
        one.sync()
    roads.do("answer", new, "from the department", "--settles")
    manager.do("answer", new, "from above", "--settles")
    for _ in range(2):
        for one in (roads, manager, crew):
            equal(one.sync()["conflicts"], 0)
    for one in (roads, manager, crew):
        one.agrees()
        equal(sorted(event["data"]["text"] for event in show(one, new)["events"] if event["kind"] == "answer"),
              ["from above", "from the department"])


@test
def whoever_leaves_the_crew_has_it_no_more(folder):
    hub, crew = town(folder)
    new = raise_one(crew, "--photo", picture(f"{folder}/box.jpg"))
    crew.sync()
    with sqlite3.connect(f"{hub.folder}/hub.db") as db:
        db.execute("UPDATE device SET crew = 'roads-2' WHERE id = ?", (crew.device,))
    crew.sync()
    crew.agrees()
    equal(obstacles(crew), {})
    refused(crew.do("obstacles", new, status=1), new)
    hub.do("backup", f"{folder}/backup")
    crew.sync()
    files = [name for _, _, names in os.walk(f"{crew.folder}/photos") for name in names]
    equal(files, [], "its photo has left the tablet once the hub is backed up")


@test
def what_makes_no_sense_is_refused_at_once(folder):
    hub, crew = town(folder)
    ticket = to_work_on(crew)
    for words, said in ((("obstacle", "trouble", "x"), "one of"), (("obstacle", "parts"), "KIND TEXT"),
                        (("answer", "x"), "answer ID TEXT"), (("obstacles", "a", "b"), "obstacles [ID]")):
        refused(crew.do(*words, status=2), said)
    for words, said in ((("obstacle", "parts", ""), "text"), (("obstacle", "parts", "x", "--department", "stars"), "stars"),
                        (("obstacle", "parts", "x", "--ticket", "106-9"), "106-9"),
                        (("obstacle", "parts", "x", "--photo", f"{folder}/none.jpg"), "none.jpg"),
                        (("answer", ticket, "x"), ticket)):
        refused(crew.do(*words, status=1), said)
    equal(obstacles(crew), {})


main()
