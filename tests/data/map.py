#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The base map is sound MBTiles, and the same input makes the same bytes.

    map.py DRAW_MAP SAMPLE_FOLDER TOWN.mbtiles NIGHT.mbtiles
"""
import json
import math
import os
import sqlite3
import struct
import subprocess
import sys
import tempfile
import zlib

DRAW, SAMPLE, DAY, NIGHT = sys.argv[1:5]
TOWN, PLAN = os.path.join(SAMPLE, 'town.json'), os.path.join(SAMPLE, 'town.geojson')
MOST_BYTES = 8 << 20
count = 0


def check(good, what):
    global count
    count += 1
    print(f'{"ok" if good else "not ok"} {count} - {what}', flush=True)


def draw(folder, name, *arguments, town=TOWN, plan=PLAN, **environment):
    out = os.path.join(folder, name)
    done = subprocess.run([DRAW, *arguments, town, plan, out], env={**os.environ, **environment},
                          stderr=subprocess.PIPE, text=True)
    return out, done


def read(path):
    with open(path, 'rb') as f:
        return f.read()


def is_tile(png):
    """A PNG of 256 by 256 whose chunks and pixels are whole."""
    try:
        return is_whole(png)
    except (struct.error, zlib.error, ValueError):
        return False


def is_whole(png):
    if png[:8] != b'\x89PNG\r\n\x1a\n':
        return False
    at, pixels, size = 8, b'', None
    while at < len(png):
        length, kind = struct.unpack('>I4s', png[at:at + 8])
        body = png[at + 8:at + 8 + length]
        if zlib.crc32(kind + body) != struct.unpack('>I', png[at + 8 + length:at + 12 + length])[0]:
            return False
        if kind == b'IHDR':
            size = struct.unpack('>IIBB', body[:10])
        elif kind == b'IDAT':
            pixels += body
        at += 12 + length
    return size == (256, 256, 8, 2) and len(zlib.decompress(pixels)) == 256 * (1 + 256 * 3)


def tile_of(lon, lat, zoom):
    n = 1 << zoom
    x = (lon + 180) / 360 * n
    y = (0.5 - math.atanh(math.sin(math.radians(lat))) / (2 * math.pi)) * n
    return int(x), int(y)


def check_file(path, name):
    db = sqlite3.connect(f'file:{path}?mode=ro&immutable=1', uri=True)
    rows = dict(db.execute('SELECT name, value FROM metadata'))
    need = {'name', 'format', 'bounds', 'center', 'minzoom', 'maxzoom', 'attribution', 'type'}
    check(need <= set(rows), f'{name}: metadata has all rows')
    check((rows['format'], rows['type'], rows['minzoom'], rows['maxzoom']) == ('png', 'baselayer', '12', '17'),
          f'{name}: metadata says what it is')
    check(db.execute('PRAGMA integrity_check').fetchone() == ('ok',), f'{name}: the database is whole')
    check(os.path.getsize(path) < MOST_BYTES, f'{name}: {os.path.getsize(path) >> 10} KB')

    west, south, east, north = map(float, rows['bounds'].split(','))
    wanted = 0
    for zoom in range(12, 18):
        x0, y0 = tile_of(west, north, zoom)
        x1, y1 = tile_of(east, south, zoom)
        for y in range(y0, y1 + 1):
            have = db.execute('SELECT count(*) FROM tiles WHERE zoom_level = ? AND tile_row = ?'
                              ' AND tile_column BETWEEN ? AND ?', (zoom, (1 << zoom) - 1 - y, x0, x1)).fetchone()[0]
            wanted += x1 - x0 + 1 - have
    check(wanted == 0, f'{name}: every tile within the bounds is there, rows counted from the south')

    images = dict(db.execute('SELECT tile_id, tile_data FROM images'))
    check(all(is_tile(png) for png in images.values()), f'{name}: {len(images)} pictures decode')
    check(db.execute('SELECT count(*) FROM map WHERE tile_id NOT IN (SELECT tile_id FROM images)').fetchone() == (0,),
          f'{name}: no tile without a picture')

    bare = db.execute('SELECT tile_id FROM map GROUP BY 1 ORDER BY count(*) DESC').fetchone()[0]
    with open(TOWN, encoding='utf-8') as f:
        town = json.load(f)['bounds']
    middle = ((town['west_e7'] + town['east_e7']) / 2e7, (town['south_e7'] + town['north_e7']) / 2e7)
    x, y = tile_of(*middle, 17)
    there = db.execute('SELECT tile_id FROM map WHERE zoom_level = 17 AND tile_column = ? AND tile_row = ?',
                       (x, (1 << 17) - 1 - y)).fetchone()
    check(there is not None and there[0] != bare, f'{name}: the middle of the town is drawn')
    return rows


def main():
    day, night = check_file(DAY, 'day'), check_file(NIGHT, 'night')
    check(day['bounds'] == night['bounds'], 'day and night cover the same')
    check(read(DAY) != read(NIGHT), 'day and night differ')

    with tempfile.TemporaryDirectory() as folder:
        out, done = draw(folder, 'again', LC_ALL='C', TZ='Pacific/Auckland', G_SLICE='always-malloc')
        check(done.returncode == 0 and read(out) == read(DAY), 'made again: the same bytes')
        out, done = draw(folder, 'one', '--zoom', '15-15')
        check(done.returncode == 0 and sqlite3.connect(out).execute(
            'SELECT min(zoom_level), max(zoom_level) FROM tiles').fetchone() == (15, 15), 'one zoom alone')

        for name, feature in (('class', {'properties': {'layer': 'area', 'class': 'volcano'},
                                         'geometry': {'type': 'Polygon', 'coordinates': [[[34, 31], [34, 31.1], [34, 31]]]}}),
                              ('place', {'properties': {'layer': 'street', 'class': 'lane'},
                                         'geometry': {'type': 'LineString', 'coordinates': [[34, 31], [34, 'x']]}}),
                              ('null', {'properties': None, 'geometry': None})):
            plan = os.path.join(folder, 'bad.geojson')
            with open(plan, 'w') as f:
                json.dump({'type': 'FeatureCollection', 'features': [feature]}, f)
            out, done = draw(folder, 'bad', plan=plan)
            check(done.returncode == 1 and 'feature 0' in done.stderr and not os.path.exists(out)
                  and not os.path.exists(out + '.part'), f'a plan with a bad {name} is refused, and nothing is left')
        out, done = draw(folder, 'bad', plan=os.path.join(folder, 'absent'))
        check(done.returncode == 1 and 'absent' in done.stderr, 'a plan that is not there is named')
        out, done = draw(folder, 'bad', '--zoom', '3-40')
        check(done.returncode == 2, 'zooms beyond 12-17 are refused')
    print(f'1..{count}')


main()
