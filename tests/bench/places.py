#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Layers of 20,000 points and 2,000 areas: the import, a tablet's first pull of them, and the map that is moved over them, on
the display it is given: places.py HUB CTL PAN"""
import gzip, json, math, os, random, sqlite3, statistics, sys, tempfile, time

from programs import Hub, run, spread

HUB, CTL, PAN = sys.argv[1:4]
POINTS, AREAS, CORNERS = 20000, 2000, 24
LAT, LON, HALF = 31.24, 34.60, 0.012  # degrees: all of it in view at zoom 14
ZOOM = 14


def feature(kind, coordinates, i):
    return {"type": "Feature", "id": i, "properties": {"name": f"{kind} {i}"},
            "geometry": {"type": kind, "coordinates": coordinates}}


def ring(x, y, size, chance):
    corners = [[round(x + size * chance.uniform(0.7, 1) * math.cos(2 * math.pi * k / CORNERS), 7),
                round(y + size * chance.uniform(0.7, 1) * math.sin(2 * math.pi * k / CORNERS), 7)] for k in range(CORNERS)]
    return corners + corners[:1]


def write(folder):
    chance = random.Random(7)
    def somewhere(): return LON + chance.uniform(-HALF, HALF), LAT + chance.uniform(-HALF, HALF)
    points = [feature("Point", [round(v, 7) for v in somewhere()], i) for i in range(POINTS)]
    areas = [feature("Polygon", [ring(*somewhere(), 0.0003, chance)], i) for i in range(AREAS)]
    for name, features in (("points", points), ("areas", areas)):
        with open(f"{folder}/{name}.geojson", "w", encoding="utf-8") as file:
            json.dump({"type": "FeatureCollection", "features": features}, file, separators=(",", ":"))


def timed(*argv):
    start = time.monotonic()
    run(*argv)
    return time.monotonic() - start


def lines_of(store):
    with sqlite3.connect(f"{store}/store.db") as db:
        return "\n".join(doc for doc, in db.execute("SELECT doc FROM place WHERE layer IN ('points', 'areas') ORDER BY row"))


with tempfile.TemporaryDirectory() as top:
    write(top)
    hub = Hub(HUB, CTL, f"{top}/hub", 1)
    bare = f"{top}/bare"
    hub.enrol(bare)
    without = timed(CTL, "--store", bare, "sync")
    for name in ("points", "areas"):
        path = f"{top}/{name}.geojson"
        took = timed(HUB, "places", "import", path, "--layer", name, "--data", f"{top}/hub")
        again = timed(HUB, "places", "import", path, "--layer", name, "--data", f"{top}/hub")
        print(f"{name}: {os.path.getsize(path) / 1e6:.2f} MB of GeoJSON taken in in {took:.2f} s, again in {again:.2f} s")
    store = f"{top}/store"
    hub.enrol(store)
    took = timed(CTL, "--store", store, "sync")
    lines = lines_of(store).encode()
    print(f"first pull: {len(lines) / 1e6:.2f} MB of lines, {len(gzip.compress(lines, 1)) / 1e6:.2f} MB as gzip -1 makes of them, "
          f"{took:.2f} s ({without:.2f} s without them)")
    hub.close()
    told = dict(line.split(" ", 1) for line in run(PAN, "places", store, str(LAT), str(LON), str(ZOOM)).splitlines() if " " in line)
    built, own = ([int(us) / 1000 for us in told[name].split()] for name in ("built", "own"))
    print(f"the map: shown after {float(told['shown']):.1f} ms")
    print(f"a step's snapshot of the layer, ms: {spread(built)}; median {statistics.median(built):.2f} (at most 6)")
    print(f"a step's frame without the renderer, CPU ms: {spread(own)}")
