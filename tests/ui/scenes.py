# SPDX-License-Identifier: GPL-3.0-or-later
"""Every page, and what the pages do not show by themselves: menus, marks, what is missing, what is too long, nothing and
very much. A scene begins with a copy of a tablet's store (scene_stores.py), without a signal unless it is online, and goes
on in the window (scene_acts.py)."""

import contextlib
import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
import time

from hands import BUTTON, Hands
from harness import choose, point_at, read_line, wait_for
from scene_acts import (SETTLE_S, and_then, ask_more, bring, choose_in_menu, choose_layers, choose_none, choose_photos,
                        choose_stop, click, counted_words, draw_on_photo, find_no_microphone, find_place, go_down,
                        go_down_preferences, help_topic, only_waiting, open_help_below, open_preferences_below,
                        pick_crew, press_keys, press_mark, raise_obstacle, read_note, record_voice, review_voice, scan_code,
                        search_place, tap, tick_two, type_wrong, use_camera, use_ghost, view_all, view_photo, words)
from scene_stores import (HALF, ask_for, ask_form, ask_much, be_away, be_copied, begin_shift, both, break_off, change,
                          contribute, count_nothing, decide, disagree, disconnect, do_without, fill_in, fill_pictures, in_district, keep_only,
                          keep_quiet, lose_photo, offer_maps, plug_in_camera, plug_in_microphone, plug_in_other_camera,
                          raise_obstacles, report_place, say_who, seal, set_pin, show_layers, speak, stand, supervise, take_both,
                          take_many, take_photo, tap_with, work_offline, write_long)

LARGE = 100_000
LAYOUTS = {"landscape": (1280, 800), "portrait": (800, 1280)}
# How long a page may load pictures and tiles before it is looked at.
LOADING_S = {"map": 2.5}


class Scene:
    def __init__(self, page="work", ticket=False, prepare=None, act=None, styles=("day",), layouts=tuple(LAYOUTS),
                 large=False, online=False):
        self.page, self.ticket, self.prepare, self.act = page, ticket, prepare, act
        self.styles, self.layouts, self.large, self.online = styles, layouts, large, online


NIGHT, SUN = ("day", "night"), ("day", "night", "sun")
HELP_TOPICS = ("shift", "ticket", "no-signal", "photos", "map", "report", "obstacles", "marks", "attention", "figures")

SCENES = {
    "work": Scene(styles=SUN, online=True),
    "ticket": Scene(ticket=True, styles=SUN, online=True),
    "map": Scene(page="map", styles=NIGHT, online=True),
    "report": Scene(page="report", styles=SUN, online=True),
    "figures": Scene(page="figures", styles=SUN),
    "sync": Scene(page="sync", styles=NIGHT, online=True),
    "preferences": Scene(act=press_keys("ctrl+comma"), styles=NIGHT, online=True),
    "enrol": Scene(prepare=disconnect, styles=NIGHT),
    "menu": Scene(act=click("Menu")),
    "lock": Scene(prepare=set_pin, styles=SUN),
    "lock-wrong": Scene(prepare=set_pin, act=type_wrong),
    "lock-forgotten": Scene(prepare=set_pin, act=tap("PIN forgotten?"), styles=NIGHT),
    "here": Scene(prepare=begin_shift, styles=SUN),
    "here-ticked": Scene(prepare=begin_shift, act=tick_two),
    "here-journey": Scene(ticket=True, prepare=say_who, act=go_down()),
    "scan": Scene(prepare=both(disconnect, plug_in_camera), act=scan_code),
    "preferences-pin": Scene(act=go_down_preferences),
    **{f"help-{name}": Scene(act=help_topic(n), styles=SUN if name == "marks" else ("day",))
       for n, name in enumerate(HELP_TOPICS)},
    **{f"help-below-{page}": Scene(page=page, act=open_help_below)
       for page in ("work", "map", "report", "forum", "figures", "sync")},
    "shortcuts": Scene(act=press_keys("ctrl+question"), styles=NIGHT),
    "preferences-quiet": Scene(prepare=keep_quiet, act=open_preferences_below),
    "diagnosis": Scene(act=choose_in_menu("Diagnostics file")),
    "unlock": Scene(prepare=supervise, act=choose_in_menu("Open a locked tablet")),
    "ticket-below": Scene(ticket=True, act=go_down(9)),
    "report-below": Scene(page="report", act=go_down()),
    "more": Scene(ticket=True, act=click("More")),
    "photo-asked": Scene(ticket=True, prepare=ask_for({"after": 1}), act=click("Done", "step"), styles=NIGHT),
    "photos-asked": Scene(ticket=True, prepare=ask_for({"before": 1, "after": 2}), act=click("Done", "step")),
    "done-without": Scene(ticket=True, prepare=do_without, act=bring(words("Without a before photo: %s", begin=""))),
    "form": Scene(ticket=True, prepare=ask_form(), styles=SUN),
    "form-half": Scene(ticket=True, prepare=ask_form(*HALF), act=bring(counted_words("%u of %u answered", "%u of %u answered"), 0.1, 0.5)),
    "form-asked": Scene(ticket=True, prepare=ask_form(*HALF[1:]), act=click("Done", "step")),
    "form-long": Scene(ticket=True, prepare=ask_much),
    "form-long-asked": Scene(ticket=True, prepare=ask_much, act=click("Done", "step")),
    "report-questions": Scene(page="report", act=ask_more),
    "form-told": Scene(ticket=True, prepare=both(ask_form(*HALF[:2]), fill_in(*HALF[2:])),
                       act=bring(counted_words("Form filled in, %u time", "Form filled in, %u times"), 0.1, 0.8)),
    "mark": Scene(ticket=True, prepare=work_offline, act=press_mark),
    "offline": Scene(page="sync", prepare=work_offline, styles=SUN),
    "copied": Scene(page="sync", prepare=be_copied),
    "attention": Scene(page="sync", prepare=disagree, styles=NIGHT),
    "shift": Scene(page="sync", prepare=offer_maps, act=go_down(12), styles=NIGHT),
    "maps": Scene(page="sync", prepare=offer_maps, act=and_then(go_down(12), tap("Maps")), styles=NIGHT),
    "maps-none": Scene(page="sync", act=and_then(go_down(12), tap("Maps")), layouts=("portrait",)),
    "attention-below": Scene(page="sync", prepare=disagree, act=go_down()),
    "attention-beside": Scene(page="sync", ticket=True, prepare=disagree, layouts=("landscape",)),
    "attention-ticket": Scene(ticket=True, prepare=disagree, styles=NIGHT),
    "decision": Scene(ticket=True, prepare=decide, act=bring(words("Decided: %s – %s stays"))),
    "contribution": Scene(ticket=True, prepare=contribute, styles=NIGHT),
    "away": Scene(prepare=be_away, styles=NIGHT),
    "photo": Scene(ticket=True, prepare=take_photo, act=bring(words("Photo before", BUTTON))),
    "photos-all": Scene(ticket=True, prepare=take_many, act=view_all),
    "viewer": Scene(ticket=True, prepare=take_both, act=view_photo, styles=NIGHT),
    "viewer-caption": Scene(ticket=True, prepare=take_both, act=and_then(view_photo, tap("Write the caption"))),
    "viewer-compare": Scene(ticket=True, prepare=take_both, act=and_then(view_photo, tap("Compare"))),
    "viewer-draw": Scene(ticket=True, prepare=take_both, act=draw_on_photo, styles=NIGHT),
    "photo-missing": Scene(ticket=True, prepare=lose_photo, layouts=("portrait",)),
    "choose-photos": Scene(ticket=True, prepare=fill_pictures, act=choose_photos, styles=NIGHT),
    "camera": Scene(ticket=True, prepare=plug_in_camera, act=use_camera),
    "camera-ghost": Scene(ticket=True, prepare=both(take_both, plug_in_other_camera), act=use_ghost),
    "voice": Scene(ticket=True, prepare=speak, act=bring(words("Place in the voice note", "slider")), styles=NIGHT),
    "voice-record": Scene(ticket=True, prepare=plug_in_microphone, act=record_voice, styles=NIGHT),
    "voice-review": Scene(ticket=True, prepare=plug_in_microphone, act=review_voice),
    "voice-none": Scene(ticket=True, act=find_no_microphone, layouts=("portrait",)),
    "voice-offer": Scene(ticket=True, prepare=break_off),
    "choose-photos-none": Scene(page="report", act=choose_none),
    "obstacles": Scene(page="forum", prepare=raise_obstacles, styles=NIGHT),
    "obstacles-none": Scene(page="forum"),
    "obstacles-beside": Scene(page="forum", ticket=True, prepare=raise_obstacles, layouts=("landscape",)),
    "obstacle-form": Scene(page="forum", act=raise_obstacle),
    "obstacle-form-ticket": Scene(ticket=True, act=tap("Obstacle…")),
    "league": Scene(page="figures", act=go_down(12)),
    "figures-none": Scene(page="figures", prepare=count_nothing, layouts=("portrait",)),
    "work-waiting": Scene(act=only_waiting),
    "work-supervisor": Scene(prepare=supervise),
    "work-crew": Scene(prepare=supervise, act=and_then(tap("Crew…"), pick_crew("roads-1"))),
    "work-0": Scene(prepare=keep_only(0)),
    "work-1": Scene(prepare=keep_only(1), layouts=("portrait",)),
    "work-12": Scene(prepare=keep_only(12), layouts=("portrait",)),
    "work-100000": Scene(layouts=("portrait",), large=True),
    "work-long": Scene(prepare=write_long),
    "ticket-long": Scene(ticket=True, prepare=write_long),
    "map-places": Scene(page="map", prepare=show_layers, styles=NIGHT),
    "map-layers": Scene(page="map", prepare=show_layers, act=choose_layers),
    "map-place": Scene(page="map", prepare=show_layers, act=find_place("garden-1"), styles=NIGHT),
    "map-place-asked": Scene(page="map", prepare=both(show_layers, stand(accuracy=6)),
                             act=and_then(find_place("lamp-101"), tap("Report a change…"))),
    "map-place-told": Scene(page="map", prepare=both(show_layers, report_place), act=find_place("lamp-101"), styles=NIGHT),
    "map-place-right": Scene(page="map", prepare=both(show_layers, report_place, supervise),
                             act=and_then(find_place("lamp-101"), tap("Set it right…"))),
    "map-to-set-right": Scene(page="map", prepare=both(report_place, supervise)),
    "map-reported": Scene(page="map", prepare=both(show_layers, report_place), act=search_place("")),
    "map-district": Scene(page="map", prepare=show_layers, act=find_place("core")),
    "map-search": Scene(page="map", act=search_place("garden"), layouts=("landscape",)),
    "ticket-district": Scene(ticket=True, prepare=in_district, act=read_note, styles=NIGHT),
    "map-route": Scene(page="map", act=tap("Today's route"), styles=NIGHT),
    "map-route-stop": Scene(page="map", act=choose_stop),
    "ticket-nearby": Scene(ticket=True, act=bring(words("Nearby"), 0.1, 0.6), layouts=("portrait",)),
    "map-ticket": Scene(page="map", ticket=True, styles=SUN, layouts=("landscape",)),
    "map-here": Scene(page="map", prepare=stand(heading=60.0, speed=5.0), act=tap("My position"), styles=NIGHT),
    "map-here-old": Scene(page="map", prepare=stand(age=700), act=tap("My position")),
    "map-here-beside": Scene(page="map", ticket=True, prepare=stand(), layouts=("landscape",)),
    "map-crews": Scene(page="map", prepare=supervise, styles=NIGHT),
    "map-crews-list": Scene(page="map", prepare=supervise, act=click("Where the crews are"), styles=NIGHT),
    "preferences-position": Scene(prepare=stand(), act=press_keys("ctrl+comma")),
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


def ticket_of(store):
    """The one with the most to show, among those that are open."""
    with contextlib.closing(sqlite3.connect(os.path.join(store, "store.db"))) as db:
        return db.execute("SELECT id FROM ticket WHERE open = 1 ORDER BY status = 'in_progress' DESC, "
                          "(SELECT count(*) FROM event WHERE parent = ticket.id) DESC, due_at LIMIT 1").fetchone()[0]


def probe(desk, measures="", cut=""):
    """The environment in which the window's program says what test-touch.py and the pictures ask it."""
    return {"SHETACH_MEASURE": measures, "SHETACH_CUT": cut, "LD_PRELOAD": os.path.join(desk.build, "tests/ui/libmeasure.so")}


def ask(process, path, signal_number):
    """What the probe has written after a signal, as lines of fields."""
    with contextlib.suppress(FileNotFoundError):
        os.remove(path)
    process.send_signal(signal_number)
    wait_for("the probe's answer", lambda: os.path.exists(path))
    with open(path, encoding="utf-8") as file:
        return [line.rstrip("\n").split("\t") for line in file]


def copy_whole(store, copy):
    """None when somebody was just leaving the store, and took its log away."""
    try:
        return shutil.copytree(store, copy)
    except shutil.Error:
        return None


def copy_store(desk, store):
    """Another tablet's store, with the same in it: it does not know that it is a copy."""
    copy = wait_for("a whole copy", lambda: copy_whole(store, os.path.join(tempfile.mkdtemp(dir=desk.folder), "store")))
    change(copy, "DELETE FROM meta WHERE key = 'incarnation'")
    return copy


def set_up(desk, name, store, style="day"):
    """A store for the scene. Unless it is online, the hub's address leads nowhere."""
    scene = SCENES[name]
    ticket = ticket_of(store)
    # What another scene had beside its store.
    with contextlib.suppress(FileNotFoundError):
        os.remove(desk.place)
    for tool in ("SHETACH_CAMERA", "SHETACH_MICROPHONE"):
        os.environ.pop(tool, None)
    if not scene.online:
        store = copy_store(desk, large_store(desk) if scene.large else store)
        point_at(store, "http://127.0.0.1:9")
    choose(store, style=style, page=scene.page, ticket=ticket if scene.ticket else "")
    if scene.prepare:
        scene.prepare(desk, store, ticket)
    return store


@contextlib.contextmanager
def shown(desk, name, store, language, scale=100, **environment):
    """A window over a store that set_up() made, with letters of that size in percent, as the scene has it; the Hands that
    did it."""
    scene = SCENES[name]
    choose(store, text_size=str(scale))
    hands = Hands(desk, store, language)
    try:
        hands.open(**environment)
        time.sleep(max(SETTLE_S, LOADING_S.get(scene.page, 0)))
        if scene.act:
            scene.act(hands)
            time.sleep(SETTLE_S)
        yield hands
    finally:
        if hands.process is not None:
            desk.stop(hands.process)
