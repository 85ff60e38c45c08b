# SPDX-License-Identifier: GPL-3.0-or-later
"""Damaged photos come in with a word, what is no photo gets one clear line, and neither program hangs."""
import os

from harness import WITHOUT, Hub, equal, expect, main, picture, real, refused, test, to_work_on


@test
def damaged_photos_come_in_with_a_word(folder):
    names = sorted(os.listdir(real("photos-bad")))
    equal(len(names), 6)
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("tablet")
    ticket = to_work_on(tablet)
    for name in names:
        done = tablet.do("photo", ticket, real("photos-bad", name))
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
        refused(tablet.do("photo", ticket, path, status=1), name)
        refused(tablet.do("report", "--service", "road-hole", "--lat", "31.25", "--lon", "34.6", "--photo", path, status=1),
                name)
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


def change_a_byte(path):
    with open(path, "r+b") as file:
        file.seek(100)
        byte = file.read(1)
        file.seek(100)
        file.write(bytes([byte[0] ^ 1]))


def add_files(photos):
    """A file of no photo at its right place, one that has a photo's name in a wrong place, one with no such name."""
    names = ["ab/" + "ab" * 32, "zz/" + "ab" * 32, "שלום.jpg"]
    for name in names:
        os.makedirs(os.path.dirname(f"{photos}/{name}"), exist_ok=True)
        with open(f"{photos}/{name}", "wb") as file:
            file.write(b"nobody's")
    return sorted(names)


@test
def a_tablet_that_re_hashes_finds_what_is_wrong(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("tablet")
    equal(tablet.do("photos", "--verify", "--json").json(), {"files": 0, "missing": [], "changed": [], "orphaned": []})
    ticket = to_work_on(tablet)
    for i in range(3):
        tablet.do("photo", ticket, picture(f"{folder}/{i}.jpg", seed=i))
    expect(tablet.do("photos", "--verify").out.startswith("6 files re-hashed, 0 faults"))
    for words in (("photos",), ("photos", "--json"), ("photos", "all", "--verify")):
        refused(tablet.do(*words, status=2), "--verify")
    for sent in (False, True):
        if sent:
            tablet.sync()
        good = tablet.do("photos", "--verify", "--json").json()
        equal([good["files"], good["missing"] + good["changed"] + good["orphaned"]], [6, []])
    photos = tablet.show(ticket)["photos"]
    thumb = photos[2]["thumb_sha256"]
    at = {hash_: f"{tablet.folder}/photos/{hash_[:2]}/{hash_}" for hash_ in [*(one["sha256"] for one in photos), thumb]}
    os.unlink(at[photos[0]["sha256"]])
    change_a_byte(at[photos[1]["sha256"]])
    os.truncate(at[thumb], 10)
    added = add_files(f"{tablet.folder}/photos")
    found = tablet.do("photos", "--verify", "--json", status=1).json()
    equal(found["files"], 5)
    equal(found["missing"], [{"sha256": photos[0]["sha256"], "photo": photos[0]["id"]}])
    equal(sorted(one["photo"] for one in found["changed"]), sorted([photos[1]["id"], photos[2]["id"]]))
    equal(sorted(one["sha256"] for one in found["changed"]), sorted([photos[1]["sha256"], thumb]))
    equal([one["file"] for one in found["orphaned"]], added)
    told = tablet.do("photos", "--verify", status=1)
    equal([line.split(":")[0] for line in told.out.splitlines()[:-1]], ["missing", "changed", "changed"] + ["orphaned"] * 3)
    expect("5 files re-hashed, 6 faults" in told.out, told)


@test
def a_hub_that_re_hashes_finds_what_is_wrong(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("tablet")
    ticket = to_work_on(tablet)
    for i in range(3):
        tablet.do("photo", ticket, picture(f"{folder}/{i}.jpg", seed=i))
    tablet.sync()
    equal(hub.do("check").out, "3 photos re-hashed, 0 faults\n")
    photos = hub.ticket(ticket)["photos"]
    at = {one[which]: f"{hub.folder}/photos/{one[which][:2]}/{one[which]}" for one in photos
          for which in ("sha256", "thumb_sha256")}
    os.unlink(at[photos[0]["sha256"]])
    change_a_byte(at[photos[1]["sha256"]])
    os.unlink(at[photos[2]["thumb_sha256"]])
    added = add_files(f"{hub.folder}/photos")
    lines = hub.do("check", status=1).out.splitlines()
    equal(sorted(lines[:-1]), sorted([f"photo {photos[0]['id']}: its file is missing",
                                      f"photo {photos[1]['id']}: its bytes have changed",
                                      f"thumbnail {photos[2]['thumb_sha256']}: its file is missing",
                                      *(f"file photos/{name}: orphaned, nothing refers to it" for name in added)]))
    equal(lines[-1], "3 photos re-hashed, 6 faults")


main()
