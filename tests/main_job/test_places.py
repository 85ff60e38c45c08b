# SPDX-License-Identifier: GPL-3.0-or-later
"""A town's own maps as layers of places: imported, changed and removed at the hub, and found on a tablet with no signal."""
import json
import os

from harness import Hub, equal, expect, main, refused, test

LAMP = {"name": "Lamp 7", "code": "L-7"}


def feature(kind, coordinates, properties=None, number=None):
    return {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": coordinates},
            **({} if number is None else {"id": number})}


def write(folder, features, **more):
    path = f"{folder}/layer.geojson"
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"type": "FeatureCollection", "features": features, **more}, file)
    return path


def places(tablet, *options):
    return tablet.do("places", "--json", *options).json()


@test
def a_layer_comes_changes_and_goes(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("tablet")
    square = [[34.60, 31.24], [34.61, 31.24], [34.61, 31.25], [34.60, 31.25], [34.60, 31.24]]
    path = write(folder, [feature("Point", [180000, 665000], LAMP, 1), feature("Point", [180010, 665000], {"name": "Lamp 8"}, 2)])
    told = hub.do("places", "import", path, "--layer", "lamps", "--symbol", "light", "--colour", "#7a5c00")
    expect("EPSG:2039" in told.out and "2 places added" in told.out, told)
    expect("2 as they were" in hub.do("places", "import", path, "--layer", "lamps").out)
    tablet.sync()
    hub.stop()
    (lamp,) = places(tablet, "--layer", "lamps", "--search", "l-7")
    expect(abs(lamp["lat"] - 32.07760192) < 1e-6 and abs(lamp["lon"] - 34.78653770) < 1e-6, lamp)
    equal([one["name"] for one in places(tablet, "--layer", "lamps")], ["Lamp 7", "Lamp 8"])
    hub.start()
    hub.do("places", "import", write(folder, [feature("Polygon", [square], LAMP, 1)]), "--layer", "lamps")
    tablet.sync()
    (lamp,) = places(tablet, "--layer", "lamps")
    equal(lamp["areas"], [[[346000000, 312400000, 100000, 0, 0, 100000, -100000, 0]]])
    tablet.agrees()
    expect("1 places removed" in hub.do("places", "remove", "--layer", "lamps").out)
    tablet.sync()
    equal(places(tablet, "--layer", "lamps"), [])
    tablet.agrees()
    hub.stop()


@test
def a_ticket_tells_its_district(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("tablet")
    hub.stop()
    views = [tablet.show(one["id"]) for one in tablet.list()]
    within = [view for view in views if view["district"] == "core"]
    expect(within and any(view.get("district_note") for view in within), "no ticket of the old town")
    new = tablet.do("report", "--service", "road-hole", "--lat", "31.2405", "--lon", "34.5965").out.strip()
    equal(tablet.show(new)["district"], "core")


@test
def what_is_wrong_is_refused_whole(folder):
    hub = Hub(f"{folder}/hub")
    lamp = feature("Point", [34.6, 31.24], LAMP, 1)
    hub.do("places", "import", write(folder, [lamp]), "--layer", "lamps", "--name", "Lamps")
    before = hub.do("places", "list").out
    for wrong, words in (([lamp, feature("Polygon", [[[0, 0], [1, 0], [1, 1], [0, 1]]])], "feature 2: a ring is open"),
                         ([feature("Point", [34, 31], {"name": "x" * 201}), lamp], "feature 1: its name"),
                         ([lamp, lamp, feature("Point", [500000, 500000])], "feature 3: ")):
        refused(hub.do("places", "import", write(folder, wrong), "--layer", "lamps", status=1), words)
    with open(f"{folder}/nan.geojson", "w", encoding="utf-8") as file:
        file.write('{"type":"FeatureCollection","features":[%s,{"type":"Feature","properties":{},"geometry":'
                   '{"type":"Point","coordinates":[NaN,1]}}]}' % json.dumps(lamp))
    refused(hub.do("places", "import", f"{folder}/nan.geojson", "--layer", "lamps", status=1), "feature 2: ")
    # of 200 MB that take no room
    with open(f"{folder}/large.geojson", "wb") as file:
        file.truncate(200 << 20)
    refused(hub.do("places", "import", f"{folder}/large.geojson", "--layer", "lamps", status=1), "209715200", "64 MiB")
    os.mkfifo(f"{folder}/pipe")
    refused(hub.do("places", "import", f"{folder}/pipe", "--layer", "lamps", status=1), "not a regular file")
    refused(hub.do("places", "style", "--layer", "lamps", "--colour", "red", status=1), "colour: ", "#1f74c4")
    refused(hub.do("places", "style", "--layer", "lamps", "--width", "99", status=1), "width: ", "1 to 12")
    refused(hub.do("places", "style", "--layer", "lamps", "--kind", "park", status=1), "kind: ")
    refused(hub.do("places", "style", "--layer", "none", "--width", "2", status=1), "no layer none")
    equal(hub.do("places", "list").out, before)


main()
