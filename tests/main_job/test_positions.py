# SPDX-License-Identifier: GPL-3.0-or-later
"""Where crews are: told by a crew's tablet over HTTP, seen by its supervisors during the shift, and by nobody else."""
import json
import os
import sqlite3
import time
import urllib.error
import urllib.request

from harness import Hub, equal, expect, main, refused, test


def at_work(folder, week="sun-sat 00:00-24:00"):
    hub = Hub(f"{folder}/hub")
    hours(hub, week)
    return hub.start()


def hours(hub, week):
    hub.do("calendar", "set", "--id", "test", "--week", week, "--department", "roads")


def here(ago_s=0, metres=0, **more):
    return {"at": int((time.time() - ago_s) * 1000), "state": "here", "lat_e7": 312400000 + int(metres * 90), "lon_e7": 346000000,
            "accuracy_m": 8, **more}


def post(hub, tablet, body, token=True):
    """As any client would: status and answer."""
    with open(os.path.join(tablet.folder, "device.json"), encoding="utf-8") as file:
        login = json.load(file)["token"]
    headers = {"Content-Type": "application/json", "Shetach-Protocol": "1"}
    if token:
        headers["Authorization"] = f"Bearer {login}"
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(f"{hub.url}/v1/positions", data, headers)) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def tell(hub, tablet, *positions):
    status, answer = post(hub, tablet, {"positions": positions, "clock_offset_ms": 0})
    equal(status, 200, answer)
    return answer["kept"], answer["off_shift"], answer["refused"]


def known(tablet):
    """What a tablet holds of where crews are, by crew."""
    tablet.sync()
    tablet.agrees()
    with sqlite3.connect(os.path.join(tablet.folder, "store.db")) as db:
        return {row[0]: json.loads(row[1]) for row in db.execute("SELECT id, doc FROM position")}


def kept(hub, *options):
    return hub.do("positions", "--json", *options).json()


@test
def supervisors_see_their_crews_and_nobody_else_does(folder):
    hub = at_work(folder)
    crew, other = hub.tablet("crew"), hub.tablet("other", crew="roads-2")
    boss, another = hub.supervisor("boss", "roads"), hub.supervisor("another", "sanitation")
    equal(tell(hub, crew, here(60), here(1, 300, heading=90, speed_cm_s=700)), (2, 0, 0))
    seen = known(boss)
    equal(list(seen), ["roads-1"])
    equal([seen["roads-1"][member] for member in ("department", "state", "accuracy_m", "heading")], ["roads", "here", 8, 90])
    for tablet in (crew, other, another):
        equal(known(tablet), {}, tablet.folder)
    equal(tell(hub, crew, {"at": int(time.time() * 1000), "state": "paused"}), (1, 0, 0))
    seen = known(boss)["roads-1"]
    expect(seen["state"] == "paused" and "lat_e7" not in seen, seen)
    equal([one["state"] for one in kept(hub)], ["paused"])
    equal([one["state"] for one in kept(hub, "--crew", "roads-1")], ["paused", "here", "here"])
    equal(kept(hub, "--crew", "roads-2"), [])
    expect("roads-1" in hub.do("positions").out and "paused" in hub.do("positions").out)


@test
def who_may_not_tell_is_refused(folder):
    hub = at_work(folder)
    crew, boss = hub.tablet("crew"), hub.supervisor("boss", "roads")
    equal(post(hub, crew, {"positions": []}, token=False)[0], 401)
    equal([post(hub, boss, {"positions": [here()]})[0], post(hub, boss, {"positions": [here()]})[1]["error"]], [403, "forbidden"])
    for body in (b"", b"{", b"[]", b"{}", b'{"positions":7}', json.dumps({"positions": [here()] * 101}).encode(), b"\xff" * 100):
        equal(post(hub, crew, body)[0], 400, body[:40])
    equal(post(hub, crew, b" " * (32 * 1024 + 1))[0], 413)
    equal(tell(hub, crew, here(25 * 3600), here(-600), here(lat_e7=2**40), here(accuracy_m=None), "x"), (0, 0, 5))
    equal(kept(hub), [])


@test
def nothing_of_the_crews_own_time_is_kept(folder):
    # A minute a week, which is not now: the one two days from today.
    day = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[(time.localtime().tm_wday + 2) % 7]
    hub = at_work(folder)
    crew, boss = hub.tablet("crew"), hub.supervisor("boss", "roads")
    equal(tell(hub, crew, here()), (1, 0, 0))
    equal(list(known(boss)), ["roads-1"])
    hours(hub, f"{day} 00:00-00:01")
    equal(tell(hub, crew, here(0, 900)), (0, 1, 0))
    equal(known(boss), {}, "what supervisors see after the shift")
    equal(len(kept(hub, "--crew", "roads-1")), 1)
    hub.stop()
    hub.start()
    equal(known(boss), {})


@test
def positions_are_kept_for_the_days_that_the_office_sets(folder):
    hub = at_work(folder)
    crew = hub.tablet("crew")
    equal(tell(hub, crew, here(12 * 3600), here(3600, 500), here(60, 1000)), (3, 0, 0))
    equal(len(kept(hub, "--crew", "roads-1")), 3)
    with sqlite3.connect(f"{hub.folder}/hub.db") as db:
        db.execute("UPDATE position SET at = at - 86400000 * 3 WHERE at = (SELECT min (at) FROM position)")
    hub.do("positions", "--keep-days", 2)
    equal(len(kept(hub, "--crew", "roads-1")), 2)
    hub.do("positions", "--keep-days", 0)
    equal(len(kept(hub, "--crew", "roads-1")), 1)
    equal(tell(hub, crew, here(0, 2000)), (1, 0, 0))
    (one,) = kept(hub, "--crew", "roads-1")
    equal(one["lat_e7"], here(0, 2000)["lat_e7"])
    for days in ("-2", "3651"):
        refused(hub.do("positions", f"--keep-days={days}", status=2), "--keep-days")


main()
