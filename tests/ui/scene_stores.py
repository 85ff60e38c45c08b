# SPDX-License-Identifier: GPL-3.0-or-later
"""What lies in a tablet's store, and stands around it, before the window shows a scene."""

import contextlib
import glob
import json
import os
import sqlite3
import subprocess
import time

from harness import NO_PHOTOS, choose

LONG = "מפגע בטיחותי חמור מאוד במדרכה הצרה שלפני הכניסה הראשית לבית הספר היסודי על שם יצחק רבין, " \
       "סמוך למעבר החצייה ולתחנת ההסעה של הילדים"
PHOTO = os.path.join(os.path.dirname(__file__), "..", "..", "data", "sample", "photo.py")


def change(store, sql, *values):
    with sqlite3.connect(os.path.join(store, "store.db")) as db:
        db.execute(sql, values)


def keep_only(count):
    def prepare(desk, store, ticket):
        change(store, "DELETE FROM ticket WHERE row NOT IN (SELECT row FROM ticket ORDER BY open DESC, due_at, row "
                      "LIMIT ?)", count)
    return prepare


def take_photo(desk, store, ticket):
    path = os.path.join(desk.folder, "hole.jpg")
    subprocess.run([PHOTO, path], check=True, stdout=subprocess.DEVNULL)
    desk.run("shetachctl", "--store", store, "photo", ticket, path, "--role", "before")


def take_both(desk, store, ticket):
    take_photo(desk, store, ticket)
    path = os.path.join(desk.folder, "mended.jpg")
    subprocess.run([PHOTO, path, "--seed", "7"], check=True, stdout=subprocess.DEVNULL)
    desk.run("shetachctl", "--store", store, "photo", ticket, path, "--role", "after",
             "--caption", "הבור נסתם ליד תחנת האוטובוס, נשאר לסמן את המדרכה")


def take_many(desk, store, ticket):
    for seed in range(16):
        path = os.path.join(desk.folder, f"one-of-many-{seed}.jpg")
        subprocess.run([PHOTO, path, "--seed", str(seed)], check=True, stdout=subprocess.DEVNULL)
        desk.run("shetachctl", "--store", store, "photo", ticket, path, "--role", "before")


def offer_maps(desk, store, ticket):
    """One map of each kind: here, newer at the hub, on its way, not here, and one that came damaged. Two tickets lie outside."""
    change(store, "UPDATE ticket SET lat_e7 = 313800000, lon_e7 = 346800000 WHERE row IN (SELECT row FROM ticket WHERE open "
                  "AND crew = 'roads-1' ORDER BY due_at LIMIT 2)")
    bounds = {"west_e7": 345000000, "south_e7": 311000000, "east_e7": 347000000, "north_e7": 314000000}
    os.makedirs(os.path.join(store, "maps"), exist_ok=True)
    for i, (name, size, wanted, here, part, faults) in enumerate((
            ("העיר כולה, רחובות", 48_300_000, 1, True, 0, 0), ("מערב, תצלום אוויר", 212_000_000, 1, "older", 0.37, 0),
            ("אזור התעשייה הדרומי", 96_400_000, 1, False, 0.62, 0), ("יער להב", 31_000_000, 0, False, 0, 0),
            ("מפה ישנה", 12_000_000, 1, False, 0, 3))):
        sha = f"{i:064x}"
        doc = {"t": "map", "id": f"map-{i}", "name": name, "version": 2, "sha256": sha, "size": size, "format": "png",
               "min_zoom": 12, "max_zoom": 17, **(bounds if i != 3 else {**bounds, "west_e7": 350000000, "east_e7": 351000000})}
        change(store, "INSERT INTO entity (type, id, gen, doc) VALUES ('map', ?, 1, ?)", f"map-{i}",
               json.dumps(doc, ensure_ascii=False))
        if wanted:
            change(store, "INSERT INTO map_package (id, wanted, asked, sha256, version, faults) VALUES (?, 1, ?, ?, 1, ?)",
                   f"map-{i}", sha, sha if here is True else "f" * 64 if here else None, faults)
        if part:
            with open(os.path.join(store, "maps", sha + ".part"), "wb") as file:
                file.truncate(int(size * part))


def lose_photo(desk, store, ticket):
    take_photo(desk, store, ticket)
    for path in glob.glob(os.path.join(store, "photos", "*", "*")):
        os.remove(path)


def work_offline(desk, store, ticket):
    desk.run("shetachctl", "--store", store, "note", ticket, "חסמנו את הנתיב")
    take_photo(desk, store, ticket)


def disagree(desk, store, ticket):
    """What the hub answers to a status against which a supervisor's stood, to a note that it refuses and to a photo
    that it does not take."""
    work_offline(desk, store, ticket)
    desk.run("shetachctl", "--store", store, "status", ticket, "done", *NO_PHOTOS)
    now = int(time.time() * 1000)
    facts = [{"field": "status", "mine": "done", "theirs": "waiting", "mine_stands": False,
              "their_name": "דנה לוי", "their_at": now - 1500_000}]
    change(store, "UPDATE op SET state = 3, result = ? WHERE kind = 'ticket.status'",
           json.dumps({"result": "conflict", "conflicts": facts}))
    change(store, "UPDATE event SET doc = json_set (doc, '$.undecided', 1, '$.data.conflicts', json (?)) WHERE id = "
                  "(SELECT op FROM op WHERE kind = 'ticket.status')", json.dumps(facts))
    change(store, "UPDATE op SET state = 3, result = ? WHERE kind = 'ticket.note'",
           json.dumps({"result": "rejected", "reason": "the ticket is no longer open"}))
    change(store, "UPDATE blob SET state = 3, reason = 'the hub does not take this photo' WHERE NOT is_thumb")


def decide(desk, store, ticket):
    disagree(desk, store, ticket)
    with sqlite3.connect(os.path.join(store, "store.db")) as db:
        op = db.execute("SELECT op FROM op WHERE kind = 'ticket.status'").fetchone()[0]
    desk.run("shetachctl", "--store", store, "resolve", op, "--field", "status", "--keep", "mine")


def contribute(desk, store, ticket):
    """A supervisor's tablet; a crew that had not heard of it worked on."""
    path = os.path.join(store, "device.json")
    with open(path, encoding="utf-8") as file:
        device = json.load(file)
    with open(path, "w", encoding="utf-8") as file:
        json.dump({**device, "role": "supervisor"}, file)
    work_offline(desk, store, ticket)
    change(store, "UPDATE event SET doc = json_set (doc, '$.contribution', json ('true'), '$.actor_name', 'יוסי כהן', "
                  "'$.rev', 1) WHERE parent = ? AND id IN (SELECT op FROM op)", ticket)
    change(store, "UPDATE op SET state = 2")


def ask_for(rule):
    """The ticket's work is all but done, and its service asks for these photos."""
    def prepare(desk, store, ticket):
        with sqlite3.connect(os.path.join(store, "store.db")) as db:
            status, = db.execute("SELECT status FROM ticket WHERE id = ?", (ticket,)).fetchone()
        if status != "in_progress":
            desk.run("shetachctl", "--store", store, "status", ticket, "in_progress")
        change(store, "UPDATE entity SET doc = json_set (doc, '$.photos', json (?)) WHERE type = 'service' AND id = "
                      "(SELECT doc ->> 'service' FROM ticket WHERE id = ?)", json.dumps(rule), ticket)
    return prepare


def do_without(desk, store, ticket):
    ask_for({"before": 1, "after": 1})(desk, store, ticket)
    desk.run("shetachctl", "--store", store, "status", ticket, "done", "--without-photo", "after", "--without-photo",
             "before", "--reason", "כבר היה חשוך")


def fill_in(*given):
    """Answers that were kept together."""
    def prepare(desk, store, ticket):
        desk.run("shetachctl", "--store", store, "form", ticket, *(word for answer in given for word in ("--set", answer)))
    return prepare


def ask_form(*given):
    """The ticket is of a service with a form of every kind of answer, little else stands above it, and so much of it is
    answered."""
    def prepare(desk, store, ticket):
        change(store, "UPDATE ticket SET doc = json_remove (json_set (doc, '$.service', 'playground', '$.status', 'in_progress'), "
                      "'$.description', '$.resident', '$.visit', '$.answers') WHERE id = ?", ticket)
        if given:
            fill_in(*given)(desk, store, ticket)
    return prepare


def ask_much(desk, store, ticket):
    """Thirty questions, each of them long, with long choices."""
    kinds = ("singlevaluelist", "number", "multivaluelist", "string", "datetime", "text")
    form = [{"variable": True, "code": f"q{i}", "datatype": kinds[i % 6], "required": i % 2 == 0, "order": i + 1,
             "description": f"{i + 1}. {LONG}?", "datatype_description": LONG,
             "values": [{"key": f"k{k}", "name": f"{LONG} {k + 1}"} for k in range(3)]} for i in range(30)]
    ask_form()(desk, store, ticket)
    change(store, "UPDATE entity SET doc = json_set (doc, '$.form', json (?)) WHERE type = 'service' AND id = 'playground'",
           json.dumps(form))


HALF = ("checks=bolts,ground", "fall_height_cm=120", "reopened_at=2026-11-26T14:30:00+02:00", "part_number=KG 77/3 שמאל",
        "found=הוחלפו שני ברגים והשרשרת שומנה")


def show_layers(desk, store, ticket):
    change(store, "INSERT INTO meta (key, value) VALUES ('map_layers', ?)",
           "\n".join(("districts", "gardens", "lighting", "public", "routes")))


def in_district(desk, store, ticket):
    change(store, "UPDATE ticket SET doc = json_set (doc, '$.district', 'core') WHERE id = ?", ticket)


def report_place(desk, store, ticket):
    """A lamp post that stands some metres further on."""
    with contextlib.closing(sqlite3.connect(os.path.join(store, "store.db"))) as db:
        place, lat, lon = db.execute("SELECT id, doc ->> 'lat_e7', doc ->> 'lon_e7' FROM place WHERE doc ->> 'code' = 'lamp-101'").fetchone()
    desk.run("shetachctl", "--store", store, "place", place, "moved", f"{lat / 1e7 + 0.0001},{lon / 1e7}", "--reason",
             "הועבר לצד השני של הרחוב")


def count_nothing(desk, store, ticket):
    change(store, "DELETE FROM entity WHERE type = 'figures'")


def raise_obstacles(desk, store, ticket):
    """One from the ticket with its photo, one alone, and one that a supervisor has answered and settled."""
    path = os.path.join(desk.folder, "in-the-way.jpg")
    subprocess.run([PHOTO, path, "--seed", "3"], check=True, stdout=subprocess.DEVNULL)

    def do(*words):
        return desk.run("shetachctl", "--store", store, *words).strip()

    do("obstacle", "equipment", "הרכב עם הסל במוסך כבר שבוע, ואין אחר")
    settled = do("obstacle", "access", "השער של הגן נעול אחרי ארבע, ואין לנו מפתח")
    do("answer", settled, "גם היום היה נעול")
    new = do("obstacle", "department", LONG, "--department", "lighting", "--ticket", ticket, "--photo", path)
    change(store, "UPDATE obstacle SET doc = json_set (doc, '$.status', 'settled', '$.rev', 7), rev = 7, settled = 1 WHERE id = ?", settled)
    change(store, "UPDATE event SET doc = json_set (doc, '$.rev', 7, '$.device', 'another', '$.actor_name', null, '$.crew', "
                  "null, '$.role', 'supervisor', '$.data.settles', json ('true'), '$.data.text', "
                  "'המפתח אצל השומר בכניסה, הוא יודע שתבואו') WHERE parent = ? AND doc ->> 'kind' = 'answer'", settled)
    return new


def be_away(desk, store, ticket):
    """Four days without a word, then others' work."""
    with sqlite3.connect(os.path.join(store, "store.db")) as db:
        ids = [row[0] for row in db.execute("SELECT id FROM ticket WHERE open ORDER BY due_at LIMIT 6")]
    for what, some, by in (("added", ids[:3], None), ("changed", ids[3:5], "דנה לוי")):
        for one in some:
            change(store, "INSERT INTO away (ticket, what, by) VALUES (?, ?, ?)", one, what, by)
    change(store, "INSERT INTO away (ticket, what, number) VALUES ('gone', 'taken', '106-2026-00391')")
    now = int(time.time() * 1000)
    for key, value in (("away_since", now - 4 * 86400_000), ("away_until", now)):
        change(store, "INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", key, value)


def be_copied(desk, store, ticket):
    change(store, "INSERT OR REPLACE INTO meta (key, value) VALUES ('copy', 'moved')")


def write_long(desk, store, ticket):
    change(store, "UPDATE ticket SET title = ?1, address = ?1, doc = json_set (doc, '$.title', ?1, '$.address', ?1)", LONG)


def tap_with(hand):
    def prepare(desk, store, ticket):
        choose(store, hand=hand)
    return prepare


def seal(desk, store, ticket):
    """As the hub had it done: without its key, and without its login."""
    with open(os.path.join(store, "seal.json"), "w", encoding="utf-8") as file:
        json.dump({"place": "destroyed"}, file)
    path = os.path.join(store, "device.json")
    with open(path, encoding="utf-8") as file:
        device = json.load(file)
    del device["token"]
    with open(path, "w", encoding="utf-8") as file:
        json.dump(device, file)


def both(*prepares):
    def prepare(desk, store, ticket):
        for one in prepares:
            one(desk, store, ticket)
    return prepare


def fill_pictures(desk, store, ticket):
    """What a camera has left: some that can be read, and one that cannot."""
    for i in range(7):
        subprocess.run([PHOTO, os.path.join(desk.pictures, f"IMG_{i:04}.jpg"), *(["--seed", str(i)] if i else [])],
                       check=True, stdout=subprocess.DEVNULL)
    with open(os.path.join(desk.pictures, "broken.jpg"), "w", encoding="utf-8") as file:
        file.write("this is no picture")


def plug_in_camera(desk, store, ticket):
    """A picture for a camera, as still as a picture is."""
    path = os.path.join(desk.pictures, "street.jpg")
    subprocess.run([PHOTO, path], check=True, stdout=subprocess.DEVNULL)
    os.environ["SHETACH_CAMERA"] = f"filesrc location={path} ! jpegdec ! imagefreeze is-live=true ! videoconvert"


def plug_in_other_camera(desk, store, ticket):
    """One that sees another picture than what was taken."""
    path = os.path.join(desk.pictures, "street.jpg")
    subprocess.run([PHOTO, path, "--seed", "5", "--width", "1280", "--height", "720"], check=True, stdout=subprocess.DEVNULL)
    os.environ["SHETACH_CAMERA"] = f"filesrc location={path} ! jpegdec ! imagefreeze is-live=true ! videoconvert"


def plug_in_microphone(desk, store, ticket):
    os.environ["SHETACH_MICROPHONE"] = "audiotestsrc is-live=true wave=pink-noise volume=0.4"


def speak(desk, store, ticket):
    """A recording that was kept, made from a tone."""
    path = os.path.join(desk.folder, "said.ogg")
    subprocess.run(["gst-launch-1.0", "-q", "audiotestsrc", "num-buffers=900", "!", "audioconvert", "!", "audioresample",
                    "!", "audio/x-raw,rate=48000,channels=1", "!", "opusenc", "bitrate=24000", "audio-type=voice", "!",
                    "oggmux", "!", "filesink", f"location={path}"], check=True)
    desk.run("shetachctl", "--store", store, "voice", ticket, path)


def break_off(desk, store, ticket):
    """A recording that somebody began, and the tablet's power went."""
    speak(desk, store, ticket)
    folder = os.path.join(store, "voice")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(desk.folder, "said.ogg"), "rb") as whole, open(os.path.join(folder, f"{ticket}.ogg"), "wb") as part:
        part.write(whole.read()[:40000])


def keep_quiet(desk, store, ticket):
    choose(store, quiet="19-07")


def work_always(store):
    """A shift at any hour, so that pictures do not depend on when they are taken."""
    change(store, "UPDATE entity SET doc = json_remove (json_set (doc, '$.week', json (?)), '$.days') WHERE type = 'calendar'",
           json.dumps([[[0, 1440]]] * 7))


def stand(**more):
    """Somewhere among the crew's tickets."""
    def prepare(desk, store, ticket):
        work_always(store)
        with sqlite3.connect(os.path.join(store, "store.db")) as db:
            lat, lon = db.execute("SELECT avg (lat_e7), avg (lon_e7) FROM (SELECT lat_e7, lon_e7 FROM ticket WHERE open AND "
                                  "crew = 'roads-1' AND lat_e7 IS NOT NULL ORDER BY id LIMIT 5)").fetchone()
        if not os.path.exists(desk.place + ".log"):
            desk.make_system_bus()
            desk.start_geoclue()
        desk.stand(**{"latitude": lat / 1e7, "longitude": lon / 1e7, "accuracy": 38, **more})
    return prepare


def supervise(desk, store, ticket):
    """A manager's tablet that has heard of some crews."""
    work_always(store)
    path = os.path.join(store, "device.json")
    with open(path, encoding="utf-8") as file:
        device = json.load(file)
    device.update(role="manager", crew=None)
    with open(path, "w", encoding="utf-8") as file:
        json.dump(device, file)
    told = [{"state": "here", "ago": 40, "accuracy_m": 9}, {"state": "here", "ago": 22 * 60, "accuracy_m": 60},
            {"state": "paused", "ago": 300}, {"state": "unknown", "ago": 100}]
    with sqlite3.connect(os.path.join(store, "store.db")) as db:
        crews = db.execute("SELECT id, doc ->> 'department' FROM entity WHERE type = 'crew' ORDER BY id").fetchall()
        places = db.execute("SELECT lat_e7, lon_e7 FROM ticket WHERE open AND lat_e7 IS NOT NULL ORDER BY id").fetchall()
        for (crew, department), one, (lat, lon) in zip(crews, told, places[::3] + places):
            one.update(t="position", id=crew, department=department, at=int((time.time() - one.pop("ago")) * 1000))
            if one["state"] == "here":
                one.update(lat_e7=lat, lon_e7=lon)
            db.execute("INSERT INTO position (id, department, gen, doc) VALUES (?, ?, 1, ?)",
                       (crew, department, json.dumps(one)))


def set_pin(desk, store, ticket):
    """One that nobody knows: it is only looked at."""
    with open(os.path.join(store, "lock.json"), "w", encoding="utf-8") as file:
        json.dump({"pin": "nobody knows it"}, file)


def begin_shift(desk, store, ticket):
    change(store, "DELETE FROM meta WHERE key = 'crew_here'")


def say_who(desk, store, ticket):
    """Two of the crew, as their steps tell it."""
    told = desk.run("shetachctl", "--store", store, "here")
    desk.run("shetachctl", "--store", store, "here", *[line.split()[0] for line in told.splitlines()[:2]])
    work_offline(desk, store, ticket)


def disconnect(desk, store, ticket):
    os.remove(os.path.join(store, "device.json"))
