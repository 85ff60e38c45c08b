# SPDX-License-Identifier: GPL-3.0-or-later
"""What the pictures of the pages do not show by themselves: menus, marks, what is missing, what is too long,
nothing and very much. Each scene begins with a copy of a tablet's store that has no signal."""

import contextlib
import glob
import json
import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
import time

from harness import NO_PHOTOS, choose, read_line, wait_for

LONG = "מפגע בטיחותי חמור מאוד במדרכה הצרה שלפני הכניסה הראשית לבית הספר היסודי על שם יצחק רבין, " \
       "סמוך למעבר החצייה ולתחנת ההסעה של הילדים"
PHOTO = os.path.join(os.path.dirname(__file__), "..", "..", "data", "sample", "photo.py")
LARGE = 100_000
SENSITIVE = 24  # of AT-SPI's states
SETTLE_S = 1.0


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


def view_all(desk, window):
    window.click("push button", "^(All [0-9]+ photos|כל [0-9]+ התמונות|כל התמונות.*)$")
    time.sleep(SETTLE_S)


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


def open_maps(desk, window):
    go_down_sync(desk, window)
    window.click("push button", "^(Maps|מפות)$")
    time.sleep(SETTLE_S)


def only_waiting(desk, window):
    window.click("toggle button|push button", "^(Waiting|ממתינות)")
    time.sleep(SETTLE_S)


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


def ask_form(*given):
    """The ticket is of a service with a form of every kind of answer, little else stands above it, and so much of it is
    answered."""
    def prepare(desk, store, ticket):
        change(store, "UPDATE ticket SET doc = json_remove (json_set (doc, '$.service', 'playground', '$.status', 'in_progress'), "
                      "'$.description', '$.resident', '$.visit', '$.answers') WHERE id = ?", ticket)
        for answer in given:
            desk.run("shetachctl", "--store", store, "form", ticket, "--set", answer)
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


def see_form(desk, window):
    desk.point_at(window.find("push button|toggle button", "^(Note…|הערה…)$"))
    subprocess.run(["xdotool", "click", "--repeat", "9", "5"], check=True)
    time.sleep(SETTLE_S)


def ask_more(desk, window):
    window.click("push button|toggle button", "^(Road hole|בור בכביש)$")
    window.click("push button|toggle button", "^(More questions|עוד שאלות)")
    desk.point_at(window.find("push button|toggle button", "^(More questions|עוד שאלות)"))
    subprocess.run(["xdotool", "click", "--repeat", "9", "5"], check=True)
    time.sleep(SETTLE_S)


def raise_from_ticket(desk, window):
    window.click("push button", "^(Obstacle…|חסם…)$")
    time.sleep(SETTLE_S)


def show_layers(desk, store, ticket):
    change(store, "INSERT INTO meta (key, value) VALUES ('map_layers', ?)",
           "\n".join(("districts", "gardens", "lighting", "public", "routes")))


def choose_layers(desk, window):
    desk.click_at(window.find(None, "^(What the map shows|מה מוצג במפה)$"))
    time.sleep(SETTLE_S)


def search_place(words):
    def act(desk, window):
        desk.click_at(window.find(None, "^(Find a place|חיפוש מקום)$"))
        time.sleep(SETTLE_S)
        desk.type(words)
        time.sleep(SETTLE_S)
    return act


def find_place(code):
    def act(desk, window):
        search_place(code)(desk, window)
        desk.press("Return")
        time.sleep(2 * SETTLE_S)
    return act


def in_district(desk, store, ticket):
    change(store, "UPDATE ticket SET doc = json_set (doc, '$.district', 'core') WHERE id = ?", ticket)


def read_note(desk, window):
    window.click("push button|toggle button", "^(About the district|על השכונה)")
    time.sleep(SETTLE_S)


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


def raise_obstacle(desk, window):
    window.click("push button", "^(Something is in the way|משהו מפריע)")
    window.click("push button", "^(No way in|אין גישה)$")
    time.sleep(SETTLE_S)


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


def write_long(desk, store, ticket):
    change(store, "UPDATE ticket SET title = ?1, address = ?1, doc = json_set (doc, '$.title', ?1, '$.address', ?1)", LONG)


def larger(desk, store, ticket):
    choose(store, text_size="200")


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


def press_menu(desk, window):
    desk.click_at(window.find("toggle button|push button", "^(Menu|תפריט)$"))


def press_more(desk, window):
    desk.click_at(window.find("toggle button|push button", "^(More|עוד)$"))


def press_done(desk, window):
    desk.click_at(window.find("push button", "^(Done|טופלה)$"))


def press_mark(desk, window):
    """The wheel brings the journey up: a mark out of sight cannot be tapped."""
    desk.point_at(window.find("push button|toggle button", "^(Note…|הערה…)$"))
    subprocess.run(["xdotool", "click", "--repeat", "40", "5"], check=True)
    time.sleep(SETTLE_S)
    marks = [node for node in window.all("push button", "^(Photo before|תמונה לפני): ")]
    desk.click_at(marks[-1])


def fill_pictures(desk, store, ticket):
    """What a camera has left: some that can be read, and one that cannot."""
    for i in range(7):
        subprocess.run([PHOTO, os.path.join(desk.pictures, f"IMG_{i:04}.jpg"), *(["--seed", str(i)] if i else [])],
                       check=True, stdout=subprocess.DEVNULL)
    with open(os.path.join(desk.pictures, "broken.jpg"), "w", encoding="utf-8") as file:
        file.write("this is no picture")


def choose_photos(desk, window):
    window.click("push button", "^(Add before|הוספת תמונה לפני)$")
    time.sleep(2 * SETTLE_S)
    for name in ("IMG_0003", "IMG_0005"):
        window.click("push button|toggle button", name)


def plug_in_camera(desk, store, ticket):
    """A picture for a camera, as still as a picture is."""
    path = os.path.join(desk.pictures, "street.jpg")
    subprocess.run([PHOTO, path], check=True, stdout=subprocess.DEVNULL)
    os.environ["SHETACH_CAMERA"] = f"filesrc location={path} ! jpegdec ! imagefreeze is-live=true ! videoconvert"


def use_camera(desk, window):
    del os.environ["SHETACH_CAMERA"]
    window.click("push button", "^(Add before|הוספת תמונה לפני)$")
    shutter = window.find("push button", "^(Take the photo|צילום)$")
    wait_for("the live picture", lambda: shutter.get_state_set().contains(SENSITIVE), 30)
    window.click("push button", "^(Take the photo|צילום)$")
    window.find("push button", "^(Done: 1 photo|סיום: תמונה אחת)$")


def plug_in_other_camera(desk, store, ticket):
    """One that sees another picture than what was taken."""
    path = os.path.join(desk.pictures, "street.jpg")
    subprocess.run([PHOTO, path, "--seed", "5", "--width", "1280", "--height", "720"], check=True, stdout=subprocess.DEVNULL)
    os.environ["SHETACH_CAMERA"] = f"filesrc location={path} ! jpegdec ! imagefreeze is-live=true ! videoconvert"


def use_ghost(desk, window):
    del os.environ["SHETACH_CAMERA"]
    window.click("push button", "^(Add after|הוספת תמונה אחרי)$")
    window.click("toggle button|push button", "^(Show the photo before over|הצגת התמונה שלפני)")
    shutter = window.find("push button", "^(Take the photo|צילום)$")
    wait_for("the live picture", lambda: shutter.get_state_set().contains(SENSITIVE), 30)


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


def record_voice(desk, window):
    os.environ.pop("SHETACH_MICROPHONE", None)
    window.click("push button", "^(Voice note…|הודעה קולית…)$")
    window.click("push button", "^(Record|הקלטה)$")
    wait_for("the recording to go on", lambda: window.all("label", "0:0[1-9] / 5:00"), 30)


def review_voice(desk, window):
    record_voice(desk, window)
    window.click("push button", "^(Stop|עצירה)$")
    window.find("push button", "^(Keep|שמירה)$", 30)


def find_no_microphone(desk, window):
    window.click("push button", "^(Voice note…|הודעה קולית…)$")
    window.click("push button", "^(Record|הקלטה)$")
    window.find("label", "^(No microphone answers|אין מיקרופון שעונה)$", 30)


def choose_none(desk, window):
    for path in glob.glob(os.path.join(desk.pictures, "*")):
        os.remove(path)
    window.click("push button", "^(Photo|תמונה)$")


def go_down(desk, window):
    desk.point_at(window.find("push button|toggle button", "^(Note…|הערה…)$"))
    subprocess.run(["xdotool", "click", "--repeat", "60", "5"], check=True)


def go_down_figures(desk, window):
    desk.point_at(window.find("label", "^(The last seven days|שבעת הימים)"))
    subprocess.run(["xdotool", "click", "--repeat", "12", "5"], check=True)


def go_down_sync(desk, window):
    desk.point_at(window.find("push button", "^(Try now|לנסות עכשיו)$"))
    subprocess.run(["xdotool", "click", "--repeat", "12", "5"], check=True)


def open_help(desk, window):
    desk.press("F1")


def open_help_below(desk, window):
    """The help of this page, down to its end."""
    open_help(desk, window)
    time.sleep(SETTLE_S)
    subprocess.run(["xdotool", "mousemove", "400", "500", "click", "--repeat", "30", "5"], check=True)


def help_topic(n):
    """The list has the focus: so many rows below its first."""
    def act(desk, window):
        open_help(desk, window)
        time.sleep(SETTLE_S)
        desk.press("Home")
        for _ in range(n):
            desk.press("Down")
        desk.press("Return")
    return act


def keep_quiet(desk, store, ticket):
    choose(store, quiet="19-07")


def open_preferences_below(desk, window):
    """The mouse's wheel over the window that has just come."""
    desk.press("ctrl+comma")
    time.sleep(SETTLE_S)
    subprocess.run(["xdotool", "mousemove", "280", "400", "click", "--repeat", "30", "5"], check=True)


def open_shortcuts(desk, window):
    desk.press("ctrl+question")


def open_diagnosis(desk, window):
    desk.click_at(window.find("toggle button|push button", "^(Menu|תפריט)$"))
    window.click("menu item", "^(Diagnosis file|קובץ אבחון)$")


def view_photo(desk, window):
    window.click("push button", "^(Photo after|תמונה אחרי), ")
    time.sleep(SETTLE_S)


def write_caption(desk, window):
    view_photo(desk, window)
    window.click("push button", "^(Write the caption|כתיבת כיתוב)$")


def compare_photos(desk, window):
    view_photo(desk, window)
    window.click("toggle button|push button", "^(Compare|השוואה)$")


def draw_on_photo(desk, window):
    view_photo(desk, window)
    window.click("push button", "^(Draw|סימון)$")
    for tool, strokes in (("Arrow|חץ", ((-220, -150, 0, -20),)), ("Circle|עיגול", ((-120, 40, 150, 160),)),
                          ("Blur|טשטוש", ((120, -160, 220, -60),)), ("Text|כיתוב", ((0, -190, 0, -190),))):
        window.click("toggle button|push button", f"^({tool})$")
        if tool.startswith("Text"):
            entry = window.find("text|entry", "^(Words on the photo|מילים על התמונה)$")
            entry.get_editable_text_iface().set_text_contents("בור 40 ס״מ")
        x, y = desk.middle(window.find("image", "^(The photo with|התמונה עם) "))
        for x0, y0, x1, y1 in strokes:
            subprocess.run(["xdotool", "mousemove", str(x + x0), str(y + y0), "mousedown", "1", "mousemove",
                            str(x + (x0 + x1) // 2), str(y + (y0 + y1) // 2), "mousemove", str(x + x1), str(y + y1),
                            "mouseup", "1"], check=True)
        time.sleep(SETTLE_S / 2)


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


def press_my_position(desk, window):
    window.click("push button", "^(My position|המיקום שלי)$")


def list_crews(desk, window):
    desk.click_at(window.find("push button|toggle button", "^(Where the crews are|איפה הצוותים)$"))


def open_preferences(desk, window):
    desk.press("ctrl+comma")


def show_route(desk, window):
    window.click("toggle button|push button", "^(Today's route|מסלול היום)$")
    time.sleep(SETTLE_S)


def choose_stop(desk, window):
    show_route(desk, window)
    desk.click_at(window.find("list item", "^2\\. "))
    time.sleep(SETTLE_S)


def set_pin(desk, store, ticket):
    """One that nobody knows: it is only looked at."""
    with open(os.path.join(store, "lock.json"), "w", encoding="utf-8") as file:
        json.dump({"pin": "nobody knows it"}, file)


def type_wrong(desk, window):
    for _ in range(3):
        for digit in "1234":
            window.click("push button", f"^{digit}$")
        window.click("push button", "^(Done typing|סיום ההקלדה)$")
        time.sleep(SETTLE_S)


def forget_pin(desk, window):
    window.click("push button", "^(PIN forgotten|שכחתם)")
    time.sleep(SETTLE_S)


def begin_shift(desk, store, ticket):
    change(store, "DELETE FROM meta WHERE key = 'crew_here'")


def tick_two(desk, window):
    for node in window.all("check box")[:2]:
        desk.click_at(node)


def say_who(desk, store, ticket):
    """Two of the crew, as their steps tell it."""
    told = desk.run("shetachctl", "--store", store, "here")
    desk.run("shetachctl", "--store", store, "here", *[line.split()[0] for line in told.splitlines()[:2]])
    work_offline(desk, store, ticket)


def not_connected(desk, store, ticket):
    os.remove(os.path.join(store, "device.json"))
    plug_in_camera(desk, store, ticket)


def scan_code(desk, window):
    del os.environ["SHETACH_CAMERA"]
    window.click("push button", "^(Scan the code|סריקת הקוד)$")
    time.sleep(2 * SETTLE_S)


def go_down_preferences(desk, window):
    open_preferences(desk, window)
    desk.turn_wheel(window.find(None, "^(Position|מיקום)$"))
    for _ in range(8):
        subprocess.run(["xdotool", "click", "5"], check=True)
    time.sleep(SETTLE_S)


class Scene:
    def __init__(self, page="work", ticket=False, prepare=None, act=None, styles=("day",), layouts=("landscape", "portrait"),
                 large=False, wordless=False):
        self.page, self.ticket, self.prepare, self.act = page, ticket, prepare, act
        self.styles, self.layouts, self.large = styles, layouts, large
        self.wordless = wordless  # it is done by keys, which are the same in every language


HELP_TOPICS = ("shift", "ticket", "no-signal", "photos", "map", "report", "obstacles", "marks", "attention", "figures")

SCENES = {
    "menu": Scene(act=press_menu),
    "lock": Scene(prepare=set_pin, styles=("day", "night", "sun")),
    "lock-wrong": Scene(prepare=set_pin, act=type_wrong),
    "lock-large-text": Scene(prepare=both(set_pin, larger)),
    "lock-forgotten": Scene(prepare=set_pin, act=forget_pin, styles=("day", "night")),
    "lock-forgotten-large-text": Scene(prepare=both(set_pin, larger), act=forget_pin),
    "here": Scene(prepare=begin_shift, styles=("day", "night")),
    "here-ticked": Scene(prepare=begin_shift, act=tick_two),
    "here-large-text": Scene(prepare=both(begin_shift, larger)),
    "here-journey": Scene(ticket=True, prepare=say_who, act=go_down),
    "scan": Scene(prepare=not_connected, act=scan_code),
    "scan-large-text": Scene(prepare=both(not_connected, larger), act=scan_code),
    "preferences-pin": Scene(act=go_down_preferences),
    **{f"help-{name}": Scene(act=help_topic(n), wordless=True) for n, name in enumerate(HELP_TOPICS)},
    "help-night": Scene(act=help_topic(7), styles=("night", "sun"), wordless=True),
    "help-large-text": Scene(act=open_help, prepare=larger, wordless=True),
    **{f"help-below-{page}-large-text": Scene(page=page, act=open_help_below, prepare=larger, wordless=True)
       for page in ("work", "map", "report", "forum", "figures", "sync")},
    "help-ticket-large-text": Scene(ticket=True, act=open_help, prepare=larger, wordless=True),
    "shortcuts": Scene(act=open_shortcuts, styles=("day", "night"), wordless=True),
    "shortcuts-large-text": Scene(act=open_shortcuts, prepare=larger, wordless=True),
    "preferences-quiet": Scene(prepare=keep_quiet, act=open_preferences_below, wordless=True),
    "preferences-quiet-large-text": Scene(prepare=both(keep_quiet, larger), act=open_preferences_below, wordless=True),
    "diagnosis": Scene(act=open_diagnosis),
    "diagnosis-large-text": Scene(act=open_diagnosis, prepare=larger),
    "more": Scene(ticket=True, act=press_more),
    "photo-asked": Scene(ticket=True, prepare=ask_for({"after": 1}), act=press_done, styles=("day", "night")),
    "photos-asked": Scene(ticket=True, prepare=ask_for({"before": 1, "after": 2}), act=press_done),
    "photos-asked-large-text": Scene(ticket=True, prepare=both(ask_for({"before": 1, "after": 2}), larger), act=press_done),
    "done-without": Scene(ticket=True, prepare=do_without, act=go_down),
    "form": Scene(ticket=True, prepare=ask_form(), styles=("day", "night", "sun")),
    "form-large-text": Scene(ticket=True, prepare=both(ask_form(), larger)),
    "form-half": Scene(ticket=True, prepare=ask_form(*HALF), act=see_form),
    "form-asked": Scene(ticket=True, prepare=ask_form(*HALF[1:]), act=press_done),
    "form-asked-large-text": Scene(ticket=True, prepare=both(ask_form(*HALF[1:]), larger), act=press_done),
    "form-long": Scene(ticket=True, prepare=ask_much),
    "form-long-asked": Scene(ticket=True, prepare=ask_much, act=press_done),
    "report-questions": Scene(page="report", act=ask_more),
    "form-told": Scene(ticket=True, prepare=ask_form(*HALF), act=go_down),
    "mark": Scene(ticket=True, prepare=work_offline, act=press_mark),
    "offline": Scene(page="sync", prepare=work_offline, styles=("day", "night")),
    "attention": Scene(page="sync", prepare=disagree, styles=("day", "night")),
    "shift": Scene(page="sync", prepare=offer_maps, act=go_down_sync, styles=("day", "night")),
    "shift-large-text": Scene(page="sync", prepare=both(offer_maps, larger), act=go_down_sync),
    "maps": Scene(page="sync", prepare=offer_maps, act=open_maps, styles=("day", "night")),
    "maps-large-text": Scene(page="sync", prepare=both(offer_maps, larger), act=open_maps),
    "maps-none": Scene(page="sync", act=open_maps, layouts=("portrait",)),
    "attention-large-text": Scene(page="sync", prepare=both(disagree, larger), act=go_down_sync),
    "away-large-text": Scene(prepare=both(be_away, larger)),
    "attention-beside": Scene(page="sync", ticket=True, prepare=disagree, layouts=("landscape",)),
    "attention-ticket": Scene(ticket=True, prepare=disagree, styles=("day", "night")),
    "decision": Scene(ticket=True, prepare=decide, act=go_down),
    "contribution": Scene(ticket=True, prepare=contribute, styles=("day", "night")),
    "away": Scene(prepare=be_away, styles=("day", "night")),
    "photo": Scene(ticket=True, prepare=take_photo),
    "photos-all": Scene(ticket=True, prepare=take_many, act=view_all),
    "viewer": Scene(ticket=True, prepare=take_both, act=view_photo, styles=("day", "night")),
    "viewer-caption": Scene(ticket=True, prepare=take_both, act=write_caption),
    "viewer-compare": Scene(ticket=True, prepare=take_both, act=compare_photos),
    "viewer-draw": Scene(ticket=True, prepare=take_both, act=draw_on_photo, styles=("day", "night")),
    "viewer-draw-large-text": Scene(ticket=True, prepare=both(take_both, larger), act=draw_on_photo),
    "photo-missing": Scene(ticket=True, prepare=lose_photo, layouts=("portrait",)),
    "choose-photos": Scene(ticket=True, prepare=fill_pictures, act=choose_photos, styles=("day", "night")),
    "camera": Scene(ticket=True, prepare=plug_in_camera, act=use_camera),
    "camera-ghost": Scene(ticket=True, prepare=both(take_both, plug_in_other_camera), act=use_ghost),
    "camera-large-text": Scene(ticket=True, prepare=both(take_both, plug_in_other_camera, larger), act=use_ghost),
    "photos-all-large-text": Scene(ticket=True, prepare=both(take_many, larger), act=view_all),
    "voice": Scene(ticket=True, prepare=speak, act=go_down, styles=("day", "night")),
    "voice-record": Scene(ticket=True, prepare=plug_in_microphone, act=record_voice, styles=("day", "night")),
    "voice-review": Scene(ticket=True, prepare=plug_in_microphone, act=review_voice),
    "voice-none": Scene(ticket=True, act=find_no_microphone, layouts=("portrait",)),
    "voice-offer": Scene(ticket=True, prepare=break_off),
    "voice-large-text": Scene(ticket=True, prepare=both(plug_in_microphone, larger), act=review_voice),
    "choose-photos-none": Scene(page="report", act=choose_none),
    "choose-photos-large-text": Scene(ticket=True, prepare=both(fill_pictures, larger), act=choose_photos),
    "obstacles": Scene(page="forum", prepare=raise_obstacles, styles=("day", "night")),
    "obstacles-none": Scene(page="forum"),
    "obstacles-large-text": Scene(page="forum", prepare=both(raise_obstacles, larger)),
    "obstacles-beside": Scene(page="forum", ticket=True, prepare=raise_obstacles, layouts=("landscape",)),
    "obstacle-form": Scene(page="forum", act=raise_obstacle),
    "obstacle-form-ticket": Scene(ticket=True, act=raise_from_ticket),
    "obstacle-form-large-text": Scene(ticket=True, prepare=larger, act=raise_from_ticket),
    "figures": Scene(page="figures", styles=("day", "night")),
    "league": Scene(page="figures", act=go_down_figures),
    "figures-large-text": Scene(page="figures", prepare=larger),
    "figures-none": Scene(page="figures", prepare=count_nothing, layouts=("portrait",)),
    "work-large-text": Scene(prepare=larger),
    "ticket-large-text": Scene(ticket=True, prepare=larger),
    "report-large-text": Scene(page="report", prepare=larger),
    "work-waiting": Scene(act=only_waiting),
    "work-0": Scene(prepare=keep_only(0)),
    "work-1": Scene(prepare=keep_only(1), layouts=("portrait",)),
    "work-12": Scene(prepare=keep_only(12), layouts=("portrait",)),
    "work-100000": Scene(layouts=("portrait",), large=True),
    "work-long": Scene(prepare=write_long),
    "ticket-long": Scene(ticket=True, prepare=write_long),
    "map-places": Scene(page="map", prepare=show_layers, styles=("day", "night")),
    "map-layers": Scene(page="map", prepare=show_layers, act=choose_layers),
    "map-place": Scene(page="map", prepare=show_layers, act=find_place("garden-1"), styles=("day", "night")),
    "map-district": Scene(page="map", prepare=show_layers, act=find_place("core")),
    "map-search": Scene(page="map", act=search_place("garden"), layouts=("landscape",)),
    "ticket-district": Scene(ticket=True, prepare=in_district, act=read_note, styles=("day", "night")),
    "map-route": Scene(page="map", act=show_route, styles=("day", "night")),
    "map-route-stop": Scene(page="map", act=choose_stop),
    "map-route-large-text": Scene(page="map", prepare=larger, act=choose_stop),
    "ticket-nearby": Scene(ticket=True, act=go_down, layouts=("portrait",)),
    "map-ticket": Scene(page="map", ticket=True, styles=("day", "night", "sun"), layouts=("landscape",)),
    "work-sun": Scene(styles=("sun",)),
    "ticket-sun": Scene(ticket=True, styles=("sun",)),
    "report-sun": Scene(page="report", styles=("sun",)),
    "sync-sun": Scene(page="sync", prepare=work_offline, styles=("sun",)),
    "figures-sun": Scene(page="figures", styles=("sun",)),
    "map-here": Scene(page="map", prepare=stand(heading=60.0, speed=5.0), act=press_my_position, styles=("day", "night")),
    "map-here-old": Scene(page="map", prepare=stand(age=700), act=press_my_position),
    "map-here-beside": Scene(page="map", ticket=True, prepare=stand(), layouts=("landscape",)),
    "map-here-large-text": Scene(page="map", prepare=both(stand(), larger)),
    "map-crews": Scene(page="map", prepare=supervise, styles=("day", "night")),
    "map-crews-list": Scene(page="map", prepare=supervise, act=list_crews, styles=("day", "night")),
    "preferences-position": Scene(prepare=stand(), act=open_preferences),
    "hand-left": Scene(page="map", prepare=tap_with("left"), layouts=("landscape",)),
    "hand-right": Scene(page="map", prepare=tap_with("right")),
    "sealed": Scene(prepare=both(work_offline, seal)),
    "report-here": Scene(page="report", prepare=stand(accuracy=6)),
}


def large_store(desk):
    """A manager's tablet with everything; its hub is made once for a desk."""
    store, data = os.path.join(desk.folder, "large"), os.path.join(desk.folder, "large-hub")
    if not os.path.exists(store):
        desk.run("shetach-hub", "sample", "--data", data, "--tickets", str(LARGE))
        hub = desk.start(desk.program("shetach-hub"), "serve", "--data", data, "--listen", "127.0.0.1:0",
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        url = read_line(hub, r"(http://\S+)").group(1)
        told = desk.run("shetach-hub", "enrol", "--data", data, "--manager")
        desk.run("shetachctl", "--store", store, "enrol", url, re.findall(r"[0-9A-Z]{5}-[0-9A-Z]{5}", told)[-1])
        desk.run("shetachctl", "--store", store, "sync", "--timeout", "500")
        desk.stop(hub)
    return store


# Scenes that do something find the buttons by their words, and know those of these languages.
SCRIPTED = ("he", "en")


def names(layout, languages):
    """Which pictures there are of a layout, as (name of the scene, language, style)."""
    return [(name, language, style) for name, scene in SCENES.items() if layout in scene.layouts
            for language in languages if scene.act is None or scene.wordless or language in SCRIPTED
            for style in scene.styles]


def set_up(desk, name, store, ticket, style):
    """A store for the scene; the hub's address leads nowhere."""
    scene = SCENES[name]
    copy = os.path.join(tempfile.mkdtemp(dir=desk.folder), "store")
    with contextlib.suppress(FileNotFoundError):  # where another scene had stood
        os.remove(desk.place)
    shutil.copytree(store, copy)
    path = os.path.join(copy, "device.json")
    with open(path, encoding="utf-8") as file:
        device = json.load(file)
    device["url"] = "http://127.0.0.1:9"
    with open(path, "w", encoding="utf-8") as file:
        json.dump(device, file)
    choose(copy, style=style, page=scene.page, ticket=ticket if scene.ticket else "")
    if scene.prepare:
        scene.prepare(desk, copy, ticket)
    return copy
