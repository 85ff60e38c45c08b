# SPDX-License-Identifier: GPL-3.0-or-later
"""What a crew reports by itself, places, and search."""
from harness import NO_PHOTOS, Hub, equal, expect, main, own, picture, refused, sha256, test, to_work_on

HERE = ("--lat", "31.2432246", "--lon", "34.5917558")


def report(tablet, *options, service="road-hole"):
    done = tablet.do("report", "--service", service, *HERE, *options)
    equal(done.out.count("\n"), 1, "the id and nothing else")
    return done.out.strip()


@test
def a_report_made_offline_gets_its_number_at_the_hub(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("tablet", person="worker-1")
    hub.stop()
    path = picture(f"{folder}/hole.jpg")
    new = report(tablet, "--title", "בור עמוק", "--photo", path)
    tablet.do("note", new, "next to the school")
    tablet.do("photo", new, picture(f"{folder}/more.jpg", seed=2), "--role", "after")
    here = tablet.show(new)
    equal([here["id"], here["number"], here["status"], here["title"], here["lat"], here["lon"]],
          [new, None, "new", "בור עמוק", 31.2432246, 34.5917558])
    equal([row["kind"] for row in tablet.outbox() if row["kind"] != "photo.bytes"],
          ["ticket.create", "photo.attach", "ticket.note", "photo.attach"])
    hub.start()
    result = tablet.sync()
    equal([result["pending"], result["conflicts"], result["uploaded"]], [0, 0, 2])
    tablet.agrees()
    there = hub.ticket(new)
    expect(there["number"] and there["due_at"], there)
    equal(tablet.show(new)["number"], there["number"])
    expect(new in [one["id"] for one in tablet.list()], "it stays in sight of who reported it")
    equal(sorted((photo["role"], photo["state"]) for photo in tablet.show(new)["photos"]),
          [("after", "confirmed"), ("before", "confirmed")])
    expect(sha256(path) in [photo["source_sha256"] for photo in there["photos"]])
    equal([there["source"], there["department"]], ["crew", "roads"])
    equal([event["kind"] for event in own(there, tablet.device)], ["created", "photo", "note", "photo"])


@test
def a_report_for_another_department_stays_in_sight_until_it_is_done(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet, lighting = hub.tablet("tablet"), hub.tablet("lighting", "lighting-1")
    new = report(tablet, service="street-light")
    tablet.sync()
    equal([hub.ticket(new)["department"], tablet.show(new)["department"]], ["lighting"] * 2)
    hub.do("assign", new, "lighting-1")
    lighting.sync()
    lighting.do("status", new, "in_progress")
    lighting.sync()
    tablet.sync()
    equal(tablet.show(new)["status"], "in_progress")
    lighting.do("status", new, "done", *NO_PHOTOS)
    for one in (lighting, tablet):
        one.sync()
        one.agrees()
    equal(hub.ticket(new)["status"], "done")
    refused(tablet.do("show", new, status=1), new)


@test
def numbers_run_on_without_gaps_or_doubles(folder):
    hub = Hub(f"{folder}/hub").start()
    a, b = hub.tablet("a"), hub.tablet("b", "roads-2")
    made = [report(tablet) for tablet in (a, b, a, b)]
    for tablet in (b, a):
        tablet.sync()
    numbers = sorted(hub.ticket(new)["number"] for new in made)
    equal(len(set(numbers)), 4)
    tails = [int(number.rsplit("-", 1)[1]) for number in numbers]
    equal(tails, list(range(tails[0], tails[0] + 4)))


@test
def hebrew_is_found_with_its_particles(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("tablet")
    titles = {"בור בכביש הראשי": True, "סדקים לכבישים חדשים": True, "שהכביש נסגר": True, "מדרכה שבורה": False,
              'מכ"בש כבד': False}
    made = {title: report(tablet, "--title", title) for title in titles}

    def found(words):
        return {one["id"] for one in tablet.list("--search", words)}

    for _ in range(2):
        ids = found("כביש")
        for title, wanted in titles.items():
            equal(made[title] in ids, wanted, title)
        expect(made["בור בכביש הראשי"] in found("ראשי כביש"), "two words in any order")
        expect(made["בור בכביש הראשי"] in found("כְּבִישׁ"), "with its points")
        equal(found("אינקיימת"), set())
        equal(found('"'), found("*"), "signs are no words")
        tablet.sync()
    # What has left the tablet is not found any more.
    other = to_work_on(tablet)
    word = tablet.show(other)["title"].split()[0]
    expect(other in found(word))
    hub.do("assign", other, "roads-2")
    tablet.sync()
    expect(other not in found(word))


@test
def the_nearest_come_first(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("tablet")

    def away(one):
        return (one["lat"] - 31.2432246) ** 2 + ((one["lon"] - 34.5917558) * 0.855) ** 2

    near = tablet.list("--near", "31.2432246,34.5917558", "--limit", "10")
    equal(len(near), 10)
    equal([one["id"] for one in near], [one["id"] for one in sorted(tablet.list(), key=away)][:10])
    places = tablet.do("places", "--json", "--near", "31.2432246,34.5917558").json()
    expect(len(places) >= 60)
    equal([place["id"] for place in places], [place["id"] for place in sorted(places, key=away)])


@test
def a_place_is_reported_moved_or_missing(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet, boss = hub.tablet("tablet", person="worker-1"), hub.supervisor("boss", "roads")
    hub.stop()
    places = tablet.do("places", "--json").json()
    word = places[0]["name"].split()[0]
    expect(places[0]["id"] in [one["id"] for one in tablet.do("places", "--json", "--search", word).json()])
    tablet.do("place", places[0]["id"], "moved", "31.2440000,34.5920000", "--reason", "ten metres north")
    tablet.do("place", places[1]["id"], "missing")
    equal([row["kind"] for row in tablet.outbox()], ["place.report"] * 2)

    def reports(one):
        found = {place["id"]: place for place in one.do("places", "--json").json()}
        return [found[place["id"]]["report"] for place in places[:2]]

    here = reports(tablet)
    equal([report["what"] for report in here], ["moved", "missing"])
    hub.start()
    for one in (tablet, boss):
        equal(one.sync()["conflicts"], 0)
        one.agrees()
    moved, missing = reports(boss)
    equal([moved["what"], moved["lat_e7"], moved["lon_e7"], moved["text"], missing["what"]],
          ["moved", 312440000, 345920000, "ten metres north", "missing"])
    equal(reports(tablet)[0]["what"], "moved")


main()
