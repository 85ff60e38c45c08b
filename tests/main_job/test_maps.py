# SPDX-License-Identifier: GPL-3.0-or-later
"""Map packages: from the office's file to the tablets, in parts, over links that break and programs that are killed."""
import http.client
import json
import math
import os
import random
import signal
import sqlite3
import struct
import threading
import zlib

import harness
from harness import TIME_LIMIT, Hub, equal, expect, main, real, refused, run, sha256, test
from proxy import Cut, Proxy

# The sample town lies in it, at zoom 13.
WEST, SOUTH, EAST, NORTH = 34.7, 31.2, 34.9, 31.3


def png(colour):
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    rows = (b"\0" + bytes(colour) * 256) * 256
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 256, 256, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b""))


def mbtiles(path, colour=(10, 20, 30), bounds="34.0,31.0,35.0,32.0", format="png", filler=0, tiles=((13, 4882, 4865),)):
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE metadata (name text, value text)")
        db.execute("CREATE TABLE tiles (zoom_level int, tile_column int, tile_row int, tile_data blob)")
        db.execute("CREATE TABLE filler (bytes blob)")
        for name, value in (("name", "Trial"), ("format", format), ("bounds", bounds), ("attribution", "<b>&copy; Town</b>")):
            if value:
                db.execute("INSERT INTO metadata VALUES (?, ?)", (name, value))
        for zoom, column, row in tiles:
            db.execute("INSERT INTO tiles VALUES (?, ?, ?, ?)", (zoom, column, row, png(colour)))
        noise = random.Random(7)
        for _ in range(filler):
            db.execute("INSERT INTO filler VALUES (?)", (noise.randbytes(65536),))
    return path


def maps(tablet):
    return {one["name"]: one for one in tablet.do("maps", "--json").json()}


def offered(hub):
    return {one["name"]: one for one in hub.do("map", "list", "--json").json()}


def files(tablet):
    folder = f"{tablet.folder}/maps"
    return sorted(os.listdir(folder)) if os.path.isdir(folder) else []


def photos_of(hub):
    return [name for _, _, names in os.walk(f"{hub.folder}/photos") for name in names]


@test
def from_the_office_to_a_tablet_and_away_again(folder):
    hub = Hub(f"{folder}/hub").start()
    first, second = mbtiles(f"{folder}/a.mbtiles"), mbtiles(f"{folder}/b.mbtiles", (200, 0, 0))
    far = mbtiles(f"{folder}/far.mbtiles", bounds="1,2,3,4", tiles=((13, 4170, 4200),))
    hub.do("map", "add", first, "--name", "צפון")
    hub.do("map", "add", far, "--name", "far")
    tablet = hub.tablet("tablet")
    known = maps(tablet)
    equal([known["צפון"][key] for key in ("state", "version", "size", "got", "attribution")],
          ["away", 1, os.path.getsize(first), 0, "© Town"])
    over = ("done", "closed", "cancelled", "duplicate", "forwarded")
    mine = [one for one in tablet.list() if one["crew"] == "roads-1" and one["status"] not in over]
    equal([known["צפון"]["covers"], known["far"]["covers"]], [len(mine), 0], "tickets of the crew in each")
    expect(len(mine) > 0)
    equal(files(tablet), [])

    tablet.do("maps", "get", "צפון")
    equal(files(tablet), [sha256(first) + ".mbtiles"])
    equal(sha256(maps(tablet)["צפון"]["path"]), sha256(first))

    hub.do("map", "add", second, "--name", "צפון")
    equal([offered(hub)["צפון"]["version"], offered(hub)["far"]["version"]], [2, 1])
    expect(sha256(first) not in photos_of(hub), "the version before is nobody's")
    tablet.sync()
    equal([maps(tablet)["צפון"][key] for key in ("state", "here_version")], ["here", 2])
    equal(files(tablet), [sha256(second) + ".mbtiles"], "the newer one stands in its place")

    tablet.do("maps", "remove", "צפון")
    equal([files(tablet), maps(tablet)["צפון"]["state"]], [[], "away"])
    tablet.do("maps", "get", "צפון")
    hub.do("map", "remove", "צפון")
    tablet.sync()
    equal([files(tablet), list(maps(tablet))], [[], ["far"]], "what the office takes away goes")
    tablet.agrees()
    refused(tablet.do("maps", "get", "צפון", status=1), "צפון")
    refused(hub.do("map", "remove", "צפון", status=1), "צפון")
    hub.stop()


@test
def what_is_no_map_is_refused_and_leaves_nothing(folder):
    hub = Hub(f"{folder}/hub")
    before = photos_of(hub)
    good = mbtiles(f"{folder}/good.mbtiles", filler=4)
    with open(good, "rb") as file:
        whole = file.read()
    with sqlite3.connect(f"{folder}/other.mbtiles") as db:
        db.execute("CREATE TABLE t (x)")
    busy = mbtiles(f"{folder}/busy.mbtiles")
    with open(busy + "-wal", "wb") as file:
        file.write(b"x")
    for name, data in (("text", b"this is no map"), ("empty", b""), ("cut", whole[:len(whole) // 2])):
        with open(f"{folder}/{name}.mbtiles", "wb") as file:
            file.write(data)
    mbtiles(f"{folder}/vector.mbtiles", format="pbf")
    mbtiles(f"{folder}/outside.mbtiles", tiles=((3, 9, 1),))
    mbtiles(f"{folder}/none.mbtiles", tiles=())
    for name, word in (("text", "no MBTiles"), ("empty", "no MBTiles"), ("cut", "cut short"), ("other", "no MBTiles"),
                       ("busy", "being written"), ("vector", "pbf"), ("outside", "outside the world"), ("none", "no tiles")):
        refused(hub.do("map", "add", f"{folder}/{name}.mbtiles", "--name", name, status=1), word)
    refused(hub.do("map", "add", f"{folder}/absent", "--name", "absent", status=1))
    refused(hub.do("map", "add", good, "--name", "x" * 81, status=1), "80")
    equal([offered(hub), photos_of(hub)], [{}, before])
    expect(not os.path.exists(f"{hub.folder}/map.making"))


@test
def real_maps_are_taken_for_what_they_are(folder):
    hub = Hub(f"{folder}/hub")
    for name in ("open-streets-dc", "geography-class-png"):
        hub.do("map", "add", real("maps", name + ".mbtiles"), "--name", name)
    refused(hub.do("map", "add", real("maps", "invalid-tile-format.mbtiles"), "--name", "junk", status=1), "not pictures")
    known = offered(hub)
    equal(sorted(known), ["geography-class-png", "open-streets-dc"])
    with sqlite3.connect(f"file:{real('maps', 'open-streets-dc.mbtiles')}?immutable=1", uri=True) as db:
        equal([known["open-streets-dc"]["min_zoom"], known["open-streets-dc"]["max_zoom"]],
              list(db.execute("SELECT min(zoom_level), max(zoom_level) FROM tiles").fetchone()), "zooms as the tiles have them")


def tile_of(lat, lon, zoom):
    n = 1 << zoom
    return int((lon + 180) / 360 * n), int((0.5 - math.atanh(math.sin(math.radians(lat))) / (2 * math.pi)) * n)


def places_of(tablet):
    """Where a crew's open tickets are."""
    with sqlite3.connect(f"file:{tablet.folder}/store.db?mode=ro", uri=True) as db:
        return {id_: (lat / 1e7, lon / 1e7) for id_, lat, lon in db.execute(
            "SELECT id, lat_e7, lon_e7 FROM ticket WHERE open AND crew = 'roads-1' AND lat_e7 IS NOT NULL")}


@test
def before_the_shift(folder):
    hub = Hub(f"{folder}/hub").start()
    os.mkdir(f"{folder}/none")
    tablet = hub.tablet("tablet")
    tablet.env = {"SHETACH_MAPS": f"{folder}/none", "DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/nonexistent"}
    spots = places_of(tablet)
    expect(len(spots) > 3, spots)
    left, *covered = sorted(spots)

    def rows(ids, zoom):
        return sorted({(zoom, x, (1 << zoom) - 1 - y) for x, y in (tile_of(*spots[id_], zoom) for id_ in ids)})
    # street zoom is 16; a tile two levels above it does, one three levels above does not
    coarse = mbtiles(f"{folder}/coarse.mbtiles", bounds=None, tiles=rows(spots, 13))
    fine = mbtiles(f"{folder}/fine.mbtiles", bounds=None, tiles=rows(covered, 16) + rows(spots, 13))
    hub.do("map", "add", coarse, "--name", "coarse")
    hub.do("map", "add", fine, "--name", "fine")
    tablet.sync()
    tablet.do("maps", "get", "coarse")

    def said():
        answer = tablet.do("preflight", "--json", status=None).json()
        return answer, {line["what"]: line["fine"] for line in answer["lines"]}
    answer, lines = said()
    equal(sorted(answer["outside"]), sorted(spots))
    equal([answer["get"], answer["fine"]], ["fine", False])
    equal(lines, {"map": False, "login": True, "storage": lines["storage"], "clock": True, "unsent": True,
                  "residents": lines["residents"]})
    tablet.do("maps", "get", answer["get"])
    answer, lines = said()
    # a tile holds what lies beside it, too
    inside = {tile_of(*spots[id_], 16) for id_ in covered}
    equal(answer["outside"], [left] if tile_of(*spots[left], 16) not in inside else [])
    rest = mbtiles(f"{folder}/rest.mbtiles", bounds=None, tiles=rows([left], 14))
    hub.do("map", "add", rest, "--name", "rest")
    tablet.sync()
    tablet.do("maps", "get", "rest")
    answer, lines = said()
    equal([answer["outside"], lines["map"]], [[], True])
    tablet.do("note", left, "no way in")
    with sqlite3.connect(f"{tablet.folder}/store.db") as db:
        db.execute("UPDATE meta SET value = value + 600000 WHERE key = 'clock_boot_offset_ms'")
    answer, lines = said()
    equal([lines["unsent"], lines["clock"], answer["fine"]], [False, False, False])
    done = tablet.do("preflight", status=1)
    expect("to do  the clock is 10 minutes slow" in done.out, done)
    hub.stop()


def ask(hub, path, token=None, range_=None):
    connection = http.client.HTTPConnection("127.0.0.1", hub.port, timeout=TIME_LIMIT)
    headers = {**({"Authorization": f"Bearer {token}"} if token else {}), **({"Range": range_} if range_ else {})}
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer, body


@test
def parts_are_what_was_asked_for(folder):
    hub = Hub(f"{folder}/hub").start()
    path = mbtiles(f"{folder}/a.mbtiles", filler=3)
    hub.do("map", "add", path, "--name", "a")
    tablet = hub.tablet("tablet")
    with open(f"{tablet.folder}/device.json", encoding="utf-8") as file:
        token = json.load(file)["token"]
    with open(path, "rb") as file:
        whole = file.read()
    at, size = f"/v1/maps/{sha256(path)}", len(whole)
    answer, body = ask(hub, at, token)
    equal([answer.status, body == whole, answer.getheader("Accept-Ranges")], [200, True, "bytes"])
    for range_, first, last in (("bytes=0-0", 0, 0), ("bytes=100-199", 100, 199), (f"bytes={size - 5}-", size - 5, size - 1),
                                (f"bytes=1000-{size * 2}", 1000, size - 1), ("bytes=-5", size - 5, size - 1)):
        answer, body = ask(hub, at, token, range_)
        equal([answer.status, answer.getheader("Content-Range"), body == whole[first:last + 1]],
              [206, f"bytes {first}-{last}/{size}", True], range_)
    for odd in ("bytes=9-3", "lines=1-2", "bytes=x-"):
        answer, body = ask(hub, at, token, odd)
        equal([answer.status, body == whole], [200, True], odd)
    answer, body = ask(hub, at, token, f"bytes={size}-")
    equal([answer.status, answer.getheader("Content-Range"), json.loads(body)["error"]], [416, f"bytes */{size}", "range"])
    equal(ask(hub, at)[0].status, 401, "only for tablets that are enrolled")
    equal(ask(hub, "/v1/maps/" + "0" * 64, token)[0].status, 404)
    equal(ask(hub, "/v1/maps/../hub.db", token)[0].status, 404)
    # a photo's bytes are had as a photo alone, by those who may see it
    for name in photos_of(hub):
        if name != sha256(path):
            equal(ask(hub, f"/v1/maps/{name}", token)[0].status, 404)
    hub.stop()


def is_map(method, path):
    return path.startswith("/v1/maps/")


@test
def a_link_that_breaks_costs_one_part(folder):
    hub = Hub(f"{folder}/hub").start()
    path = mbtiles(f"{folder}/a.mbtiles", filler=60)
    hub.do("map", "add", path, "--name", "a")
    proxy = Proxy(hub.port)
    tablet = hub.tablet("tablet", url=proxy.url)
    broken, lock = [0], threading.Lock()

    def breaks(method, what):
        with lock:
            broken[0] += is_map(method, what)
            if is_map(method, what) and broken[0] in (9, 30):
                raise Cut
    proxy.on_reply = breaks
    before = proxy.bytes
    tablet.do("maps", "get", "a")
    equal(files(tablet), [sha256(path) + ".mbtiles"])
    equal(sha256(f"{tablet.folder}/maps/{files(tablet)[0]}"), sha256(path))
    expect(broken[0] > 30, "blocks:", broken[0])
    expect(proxy.bytes - before < os.path.getsize(path) * 3 // 2, "what was here was not sent again:", proxy.bytes - before)
    hub.stop()
    proxy.close()


@test
def killed_in_the_middle_it_goes_on_from_there(folder):
    hub = Hub(f"{folder}/hub").start()
    path = mbtiles(f"{folder}/a.mbtiles", filler=60)
    size = os.path.getsize(path)
    hub.do("map", "add", path, "--name", "a")
    proxy = Proxy(hub.port)
    tablet = hub.tablet("tablet", url=proxy.url)
    parts, process = [0], []

    def kill(method, what):
        parts[0] += is_map(method, what)
        if parts[0] == 20 and process:
            process[0].send_signal(signal.SIGKILL)
            raise Cut
    proxy.on_reply = kill
    process.append(tablet.start("maps", "get", "a"))
    equal(process[0].wait(TIME_LIMIT), -signal.SIGKILL)
    process[0].communicate()
    got = maps(tablet)["a"]
    equal([got["state"], files(tablet)], ["coming", [sha256(path) + ".part"]])
    expect(0 < got["got"] < size, got)
    proxy.on_reply = lambda *what: None
    before = proxy.bytes
    tablet.sync()
    equal([maps(tablet)["a"]["state"], files(tablet)], ["here", [sha256(path) + ".mbtiles"]])
    equal(sha256(f"{tablet.folder}/maps/{files(tablet)[0]}"), sha256(path))
    expect(proxy.bytes - before < size - got["got"] + 100000, "what was here was not sent again")
    hub.stop()
    proxy.close()


@test
def a_newer_version_in_the_middle_of_a_download(folder):
    hub = Hub(f"{folder}/hub").start()
    first, second = mbtiles(f"{folder}/a.mbtiles", filler=60), mbtiles(f"{folder}/b.mbtiles", (9, 9, 9), filler=30)
    hub.do("map", "add", first, "--name", "a")
    proxy = Proxy(hub.port)
    tablet = hub.tablet("tablet", url=proxy.url)
    parts = [0]

    def replace(method, what):
        parts[0] += is_map(method, what)
        if parts[0] == 2 and is_map(method, what):
            hub.do("map", "add", second, "--name", "a")
    proxy.on_reply = replace
    tablet.do("maps", "get", "a")
    equal([maps(tablet)["a"]["here_version"], files(tablet)], [2, [sha256(second) + ".mbtiles"]])
    hub.stop()
    proxy.close()


@test
def an_online_map_is_the_citys_to_set(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("tablet")

    def online():
        with sqlite3.connect(f"file:{tablet.folder}/store.db?mode=ro", uri=True) as db:
            return [json.loads(doc) for doc, in db.execute("SELECT doc FROM entity WHERE type = 'online_map'")]
    equal(online(), [], "none is preset")
    for url in ("https://maps.example.org/{z}/{x}.png", "https://maps.example.org/{z}/{x}/{y}{y}.png", "ftp://a/{z}/{x}/{y}",
                "https:///{z}/{x}/{y}", "{z}{x}{y}", "https://a/{z}/{x}/{y}/{k}", "https://a/{z}/{x}/{y}" + "x" * 500):
        refused(hub.do("map", "online", url, "--attribution", "City", status=1), "address")
    url = "https://maps.example.org/{z}/{x}/{y}.png"
    refused(hub.do("map", "online", url, status=1), "--attribution")
    refused(hub.do("map", "online", "off", status=1), "online")
    hub.do("map", "online", url, "--attribution", "<b>&copy; City</b>")
    tablet.sync()
    equal([[one["url"], one["attribution"]] for one in online()], [[url, "© City"]])
    tablet.agrees()
    hub.do("map", "online", "off")
    tablet.sync()
    equal(online(), [])
    hub.stop()


@test
def maps_are_in_a_backup_and_looked_after(folder):
    hub = Hub(f"{folder}/hub").start()
    path = mbtiles(f"{folder}/a.mbtiles")
    hub.do("map", "add", path, "--name", "north")
    hub.do("check")
    hub.do("backup", f"{folder}/hub.tar")
    hub.stop()
    other = Hub(f"{folder}/restored", sample=False)
    run(harness.hub_program, "restore", f"{folder}/hub.tar", "--data", other.folder)
    other.start()
    tablet = other.tablet("tablet")
    tablet.do("maps", "get", "north")
    equal(sha256(f"{tablet.folder}/maps/{files(tablet)[0]}"), sha256(path))
    with open(f"{other.folder}/photos/{sha256(path)[:2]}/{sha256(path)}", "r+b") as file:
        file.write(b"x")
    expect("map north: its bytes have changed" in other.do("check", status=1).out)
    tablet.do("maps", "remove", "north")
    done = tablet.do("maps", "get", "north", status=1)
    expect("not what the hub announced" in done.err or "the rest comes" in done.err, done)
    equal([name for name in files(tablet) if name.endswith(".mbtiles")], [], "other bytes never take the map's place")
    other.stop()


main()
