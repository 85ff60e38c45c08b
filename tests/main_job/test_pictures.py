# SPDX-License-Identifier: GPL-3.0-or-later
"""Damaged photos come in with a word, what is no photo gets one clear line, and neither program hangs."""
import os

from harness import WITHOUT, Hub, equal, expect, main, picture, real, refused, test, to_work_on

PATIENCE_S = 5


@test
def damaged_photos_come_in_with_a_word(folder):
    names = sorted(os.listdir(real("photos-bad")))
    equal(len(names), 6)
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("tablet")
    ticket = to_work_on(tablet)
    for name in names:
        done = tablet.do("photo", ticket, real("photos-bad", name), limit=20)
        expect(len(done.said) == 1 and name in done.said[0] and "damaged or lost: " in done.said[0], done)
    equal(tablet.sync()["uploaded"], 6)
    photos = hub.ticket(ticket)["photos"]
    equal([photo["state"] for photo in photos], ["confirmed"] * 6)
    expect(all(photo["warnings"] for photo in photos))
    expect(hub.do("check").out.startswith("6 photos re-hashed, 0 faults"))


def no_photos(folder):
    whole = open(picture(f"{folder}/whole.jpg"), "rb").read()
    for name, content in (("empty.jpg", b""), ("cut.jpg", whole[:len(whole) // 2]), ("head.jpg", whole[:20]),
                          ("text.jpg", "שלום\n".encode() * 100), ("zeros.jpg", bytes(100000)),
                          ("renamed.jpg", b"SQLite format 3\0" + bytes(4096)), ("newline\nin name.jpg", b"x")):
        path = os.path.join(folder, name)
        with open(path, "wb") as file:
            file.write(content)
        yield path
    os.mkdir(os.path.join(folder, "folder.jpg"))
    os.mkfifo(os.path.join(folder, "fifo.jpg"))
    os.symlink("loop.jpg", os.path.join(folder, "loop.jpg"))
    yield from (os.path.join(folder, name) for name in ("folder.jpg", "fifo.jpg", "loop.jpg", "nowhere.jpg"))
    yield "/dev/zero"


@test
def what_is_no_photo_gets_one_clear_line(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("tablet")
    ticket = to_work_on(tablet)
    before = tablet.list()
    for path in no_photos(folder):
        name = os.path.basename(path).split("\n")[0]
        refused(tablet.do("photo", ticket, path, status=1, limit=PATIENCE_S), name)
        refused(tablet.do("report", "--service", "road-hole", "--lat", "31.25", "--lon", "34.6", "--photo", path,
                          status=1, limit=PATIENCE_S), name)
    equal(tablet.outbox(), [], "nothing of it was kept")
    equal(tablet.list(), before)
    equal([name for _, _, names in os.walk(f"{tablet.folder}/photos") for name in names], [])


@test
def the_time_is_the_cameras_and_the_place_too(folder):
    expected = {"DSCN0010.jpg": ("exif", "exif", 43.467), "Canon_40D.jpg": ("exif", "ticket", None),
                "HMD_Nokia_8.3_5G.jpg": ("exif", "exif", 60.147), "landscape_6.jpg": ("clock", "ticket", None)}
    real("photos")
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("tablet")
    ticket = to_work_on(tablet)
    for name, (time_from, position_from, lat) in expected.items():
        tablet.do("photo", ticket, real("photos", name), "--caption", name, TZ="Asia/Jerusalem")
        photo = next(one for one in tablet.show(ticket)["photos"] if one["caption"] == name)
        equal([photo["taken_from"], photo["position_from"]], [time_from, position_from], name)
        expect(lat is None or abs(photo["lat"] - lat) < 0.01, photo)
        if name.startswith("landscape"):
            equal([photo["width"], photo["height"]], [600, 450], "upright")


def steps(ticket):
    return [event["data"] for event in ticket["events"] if event["kind"] == "status"]


@test
def photos_that_the_work_asks_for_are_asked_for(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("tablet", person="worker-1")
    one, other = (tablet.do("report", "--service", "road-hole", "--lat", "31.25", "--lon", "34.6").out.strip()
                  for _ in range(2))
    refused(tablet.do("status", one, "done", status=1), "1 before, 1 after")
    equal(tablet.show(one)["status"], "new")
    tablet.do("photo", one, picture(f"{folder}/before.jpg", seed=1), "--role", "before")
    tablet.do("photo", one, picture(f"{folder}/other.jpg", seed=2))
    refused(tablet.do("status", one, "done", status=1), "1 after")
    tablet.do("photo", one, picture(f"{folder}/after.jpg", seed=3), "--role", "after")
    tablet.do("status", one, "done")

    for words in (WITHOUT, (*WITHOUT, "--reason", " "), ("--without-photo", "other", "--reason", "dark")):
        refused(tablet.do("status", other, "done", *words, status=2), "--reason")
    refused(tablet.do("status", other, "waiting", *WITHOUT, "--reason", "dark", status=2), "done")
    refused(tablet.do("status", other, "done", "--without-photo", "after", "--reason", "dark", status=1), "1 before")
    tablet.do("status", other, "done", *WITHOUT, "--reason", "כבר היה חשוך")
    tablet.sync()
    tablet.agrees()
    for view in (tablet.show(one), hub.ticket(one)):
        equal([("without" in step, "photos_missing" in step) for step in steps(view)], [(False, False)])
    for view in (tablet.show(other), hub.ticket(other)):
        equal([step["without"] for step in steps(view)], [{"before": "כבר היה חשוך", "after": "כבר היה חשוך"}])
        equal([event["actor"] for event in view["events"] if event["kind"] == "status"],
              [view["events"][0]["actor"]], "who said so")


main()
