#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws the plan of the sample town: town.geojson and places.geojson, beside this file.

Run by hand when the plan changes; the output is committed. Everything is invented, and stands where
no town is. The same bytes come out on every run: one seeded generator, and nothing is asked of the
machine. Work is done in metres east (x) and north (y) of the centre.

    make-town.py [OUTPUT_FOLDER]
"""
import json
import math
import os
import random
import sys

sys.dont_write_bytecode = True

from names import NAMES  # noqa: E402

CENTRE_LAT, CENTRE_LON = 31.24, 34.60
METRES_PER_DEGREE = 111320.0
HALF_WIDTH, HALF_HEIGHT = 1560.0, 1300.0
# Half the width in metres between the building lines of a street, by class: houses keep off this.
CLEARANCE = {'highway': 22, 'main': 11, 'street': 7.5, 'lane': 4.5, 'path': 2.5, 'track': 3, 'rail': 14}

rng = random.Random(106)


# Geometry

def lonlat(p):
    lat = CENTRE_LAT + p[1] / METRES_PER_DEGREE
    lon = CENTRE_LON + p[0] / (METRES_PER_DEGREE * math.cos(math.radians(CENTRE_LAT)))
    return [round(lon, 6), round(lat, 6)]


def turn(p, angle, origin=(0, 0)):
    a = math.radians(angle)
    c, s = math.cos(a), math.sin(a)
    return (origin[0] + p[0] * c - p[1] * s, origin[1] + p[0] * s + p[1] * c)


def polar(centre, radius, angle):
    a = math.radians(angle)
    return (centre[0] + radius * math.cos(a), centre[1] + radius * math.sin(a))


def distance(a, b):
    return math.hypot(a[0] - b[0], a[1] - b[1])


def smooth(points, step=6):
    """Catmull-Rom through the points."""
    out = []
    p = [points[0]] + list(points) + [points[-1]]
    for i in range(1, len(p) - 2):
        for k in range(step):
            t = k / step
            out.append(tuple(
                0.5 * (2 * p[i][d] + (p[i + 1][d] - p[i - 1][d]) * t
                       + (2 * p[i - 1][d] - 5 * p[i][d] + 4 * p[i + 1][d] - p[i + 2][d]) * t * t
                       + (3 * p[i][d] - p[i - 1][d] - 3 * p[i + 1][d] + p[i + 2][d]) * t ** 3)
                for d in (0, 1)))
    out.append(tuple(points[-1]))
    return out


def segments(line):
    return list(zip(line, line[1:]))


def project(p, a, b):
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = dx * dx + dy * dy
    t = 0 if length == 0 else max(0, min(1, ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / length))
    return (a[0] + t * dx, a[1] + t * dy)


def nearest(p, line):
    return min((project(p, a, b) for a, b in segments(line)), key=lambda q: distance(p, q))


def inside(p, ring):
    hit = False
    for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1]):
        if (ay > p[1]) != (by > p[1]) and p[0] < (bx - ax) * (p[1] - ay) / (by - ay) + ax:
            hit = not hit
    return hit


def ribbon(line, widths):
    """A closed ring along a line, its half width changing from point to point."""
    left, right = [], []
    for i, p in enumerate(line):
        a, b = line[max(0, i - 1)], line[min(len(line) - 1, i + 1)]
        n = distance(a, b) or 1
        nx, ny = -(b[1] - a[1]) / n * widths[i], (b[0] - a[0]) / n * widths[i]
        left.append((p[0] + nx, p[1] + ny))
        right.append((p[0] - nx, p[1] - ny))
    return left + right[::-1]


def rectangle(centre, along, across, angle):
    return [turn(q, angle, centre) for q in ((-along / 2, -across / 2), (along / 2, -across / 2),
                                             (along / 2, across / 2), (-along / 2, across / 2))]


def blob(centre, rx, ry, angle=0, n=22, rough=0.08):
    return [turn((rx * (1 + rng.uniform(-rough, rough)) * math.cos(2 * math.pi * k / n),
                  ry * (1 + rng.uniform(-rough, rough)) * math.sin(2 * math.pi * k / n)),
                 angle, centre) for k in range(n)]


def overlap(a, b):
    """Whether two convex rings overlap, by separating axes."""
    for ring in (a, b):
        for p, q in zip(ring, ring[1:] + ring[:1]):
            nx, ny = p[1] - q[1], q[0] - p[0]
            pa = [nx * x + ny * y for x, y in a]
            pb = [nx * x + ny * y for x, y in b]
            if max(pa) < min(pb) or max(pb) < min(pa):
                return False
    return True


# What crews should know of the people there; and where the lorries go

DISTRICTS = (
    ('core', 'העיר הוותיקה', 'Old town',
     'תושבים ותיקים, רבים דוברי רוסית ואמהרית. מוטב לדפוק בדלת מאשר לצלצל. סמטאות צרות: רכב גדול נכנס רק מרחוב הגפן.'),
    ('garden', 'שכונת הגנים', 'Garden quarter',
     'משפחות צעירות. בשעה 14:00 עד 16:00 ילדים חוזרים ברגל: לא לחסום מדרכות. יש דיירים בכיסאות גלגלים ברחוב הסביון.'),
)
ROUTES = (
    ('route-1', 'HaAtzmaut Boulevard', 'מסלול איסוף 1', 'Collection route 1'),
    ('route-2', 'HaNahal Road', 'מסלול איסוף 2', 'Collection route 2'),
)

# What the plan is made of

streets = []     # {'line', 'class', 'district', 'name', 'en', 'code', 'houses'}
areas = []       # {'ring', 'class', ...}: drawn in this order
buildings = []
reserved = []    # rings without houses
used = {}


def take_name(theme):
    i = used.get(theme, 0)
    used[theme] = i + 1
    return NAMES[theme][i]


def street(line, cls, theme=None, district=None, houses=None, name=None, **more):
    he, en = name if name else take_name(theme) if theme else (None, None)
    streets.append(dict(line=line, district=district, houses=houses, name=he, en=en, more=more,
                        **{'class': cls}))
    return line


def area(ring, cls, **more):
    areas.append(dict(ring=ring, more=more, **{'class': cls}))
    return ring


def lattice(centre, angle, columns, rows, sx, sy, jitter, region, spine, theme, district, cls, houses,
            skip=0.0):
    """Lanes that bend: a grid whose corners have slid, cut to a region, joined to the main street."""
    node = {}
    for i in range(columns):
        for j in range(rows):
            p = ((i - (columns - 1) / 2) * sx + rng.uniform(-jitter, jitter),
                 (j - (rows - 1) / 2) * sy + rng.uniform(-jitter, jitter))
            p = turn(p, angle, centre)
            q = nearest(p, spine)
            node[i, j] = q if distance(p, q) < 26 else p
    lines = [[node[i, j] for j in range(rows)] for i in range(columns)]
    lines += [[node[i, j] for i in range(columns)] for j in range(rows)]
    for nodes in lines:
        run = []
        for p in nodes + [None]:
            keep = p is not None and inside(p, region)
            if keep and run:
                middle = ((p[0] + run[-1][0]) / 2, (p[1] + run[-1][1]) / 2)
                keep = distance(middle, nearest(middle, spine)) > 16 and rng.random() >= skip
                if not keep:
                    finish_run(run, spine, theme, district, cls, houses)
                    run = [p]
                    continue
            if keep:
                run.append(p)
            else:
                finish_run(run, spine, theme, district, cls, houses)
                run = []


def finish_run(run, spine, theme, district, cls, houses):
    if len(run) < 2:
        return
    for end in (0, -1):
        q = nearest(run[end], spine)
        if 1 < distance(run[end], q) < 60:
            run.insert(0 if end == 0 else len(run), q)
    if len(run) >= 3:
        run = smooth(run, 3)
    street(run, cls, theme, district, houses)


def frame(origin, angle):
    return lambda u, v: turn((u, v), angle, origin)


def cell(f, u0, u1, v0, v1, inset):
    return [f(u0 + inset, v0 + inset), f(u1 - inset, v0 + inset),
            f(u1 - inset, v1 - inset), f(u0 + inset, v1 - inset)]


def cut_circle(line, centre, radius):
    """The pieces of a line that are outside a roundabout."""
    pieces, piece = [], []
    dense = []
    for a, b in segments(line):
        n = max(1, int(distance(a, b) / 4))
        dense += [((a[0] + (b[0] - a[0]) * k / n, a[1] + (b[1] - a[1]) * k / n), k == 0) for k in range(n)]
    dense.append((line[-1], True))
    was = None
    for p, corner in dense:
        out = distance(p, centre) > radius
        if out and was is False:
            piece = [edge(p, centre, radius)]
        if out and (corner or was is None):
            piece.append(p)
        if not out and was:
            piece.append(edge(p, centre, radius))
            pieces.append(piece)
            piece = []
        was = out
    if len(piece) > 1:
        pieces.append(piece)
    return pieces


def edge(p, centre, radius):
    d = distance(p, centre) or 1
    return (centre[0] + (p[0] - centre[0]) * radius / d, centre[1] + (p[1] - centre[1]) * radius / d)


# The plan

def draw_country():
    wadi = smooth([(330, 1300), (250, 1080), (170, 900), (190, 700), (120, 520), (150, 330), (95, 130),
                   (140, -80), (60, -290), (120, -480), (200, -640), (150, -830), (230, -1000),
                   (170, -1160), (260, -1300)])
    area(ribbon(wadi, [44 + 14 * math.sin(i * 0.55) + rng.uniform(-7, 7) for i in range(len(wadi))]),
         'nature')
    area(ribbon(wadi, [4.5 + 2 * math.sin(i * 0.8) for i in range(len(wadi))]), 'stream',
         name='נחל השיטים', name_en='Nahal HaShitim')
    reserved.append(ribbon(wadi, [30] * len(wadi)))
    return wadi


def draw_spine():
    highway = smooth([(-1560, -1010), (-1000, -1085), (-300, -1120), (500, -1105), (1100, -1060),
                      (1560, -960)])
    street(highway, 'highway', name=('כביש הדרום', 'HaDarom Road'))
    spine = smooth([(-905, -1092), (-850, -930), (-742, -770), (-690, -600), (-640, -420), (-560, -240),
                    (-455, -70), (-330, 60), (-160, 128), (30, 130), (190, 112), (330, 108), (460, 150),
                    (600, 172), (760, 196), (1010, 240), (1235, 284)], 8)
    south = smooth([(460, 150), (500, 10), (520, -160), (500, -330), (520, -480), (610, -640),
                    (640, -820), (650, -960), (660, -1096)], 6)
    north = smooth([(-330, 60), (-345, 200), (-372, 330), (-440, 450), (-540, 540)], 6)
    return highway, spine, south, north


def draw_core(spine, north):
    region = [(-640, 120), (-560, 330), (-420, 430), (-240, 420), (-110, 330), (20, 250), (30, 60),
              (20, -60), (-60, -190), (-260, -220), (-430, -180), (-560, -130)]
    area(blob((-290, 110), 390, 330, -10), 'residential', district='core')
    lattice((-290, 105), -17, 9, 8, 82, 74, 17, region, spine[20:90] + north[::-1], 'trees', 'core',
            'lane', 'old', skip=0.13)


def draw_garden(north):
    c = (-840, 700)
    area(blob(c, 455, 425, 0), 'residential', district='garden')
    street([polar(c, 105, a) for a in range(0, 361, 15)], 'street', 'flowers', 'garden', 'villa')
    reserved.append(area([polar(c, 92, a) for a in range(0, 360, 15)], 'park',
                         name='גן המעגל', name_en='HaMa\'agal Garden'))
    for radius, start, stop in ((182, -198, 162), (262, -148, 56), (262, 84, 162), (342, -148, -41),
                                (342, -41, 16), (342, 84, 162), (342, 162, 212), (400, -96, -41)):
        n = round((stop - start) / 8)
        street([polar(c, radius, start + (stop - start) * k / n) for k in range(n + 1)], 'street',
               'flowers', 'garden', 'villa')
    for angle, r0, r1 in ((-148, 105, 342), (-96, 105, 400), (-41, 105, 400), (16, 105, 342),
                          (56, 105, 262), (84, 182, 342), (116, 105, 342), (162, 105, 342)):
        street([polar(c, r0, angle), polar(c, (r0 + r1) / 2, angle + 2), polar(c, r1, angle)], 'street',
               'flowers', 'garden', 'villa')
    street(smooth([north[-1], polar(c, 342, -30), polar(c, 262, -22)]), 'street', 'flowers', 'garden',
           None)
    for angle in (100, 132, 176, 200, -115, -80, -58, -20):
        base = 342 if angle not in (-80, -58) else 400
        street([polar(c, base, angle), polar(c, base + 48, angle + 1)], 'path')
    school = [polar(c, r, a) for r, a in ((190, 62), (255, 66), (255, 80), (190, 79))]
    reserved.append(area(school, 'school', name='בית ספר האלומות', name_en='HaAlumot School'))


def draw_grid(spine):
    f = frame((420, 268), 9.5)
    area([f(-30, -70), f(810, -70), f(835, 480), f(690, 640), f(120, 640), f(-30, 545)], 'residential',
         district='grid')
    for u in (0, 130, 260, 520, 650, 780):
        line = [f(u, 0), f(u, 525 if u in (0, 780) else 600)]
        if u in (130, 520, 780):
            line.insert(0, nearest(f(u + 5, -60), spine))
        street(line, 'street', 'regions', 'grid', 'flats')
    street(smooth([nearest(f(390, -92), spine), f(390, 200), f(390, 600)]), 'main', 'regions', 'grid', 'flats')
    for k, v in enumerate(range(0, 601, 75)):
        u0, u1 = (130, 650) if v == 600 else (0, 780)
        if k % 2:
            street([f(u0, v), f(390, v)], 'street', 'regions', 'grid', 'flats')
            street([f(390, v), f(u1, v)], 'street', 'regions', 'grid', 'flats')
        else:
            street([f(u0, v), f(u1, v)], 'street', 'regions', 'grid', 'flats')
    for u0, u1, v0, v1, cls, he, en in (
            (260, 390, 300, 375, 'park', 'גן הארבל', 'HaArbel Garden'),
            (390, 520, 300, 375, 'plaza', 'כיכר הגליל', 'HaGalil Square'),
            (520, 650, 150, 225, 'school', 'בית ספר הרכס', 'HaRekhes School'),
            (650, 780, 150, 225, 'park', 'גן השחר', 'HaShahar Garden'),
            (0, 130, 375, 450, 'park', 'גן המעיין', 'HaMa\'ayan Garden'),
            (130, 260, 75, 150, 'school', 'גן ילדים ובית ספר העמק', 'HaEmek School'),
            (520, 650, 450, 525, 'park', 'גן הפסגה', 'HaPisga Garden')):
        reserved.append(area(cell(f, u0, u1, v0, v1, 9), cls, name=he, name_en=en))
    return f


def draw_south(spine):
    f = frame((-1240, -700), -6)
    area([f(-30, -60), f(520, -50), f(585, 100), f(640, 300), f(690, 560), f(420, 640), f(-30, 610)],
         'residential', district='blocks')
    for u in (0, 165, 330):
        street([f(u, 0), f(u + 6, 220), f(u, 560)], 'street', 'birds', 'blocks', 'slab')
    for v in (0, 112, 224, 336, 448, 560):
        line = [f(0, v), f(165, v), f(330, v)]
        end = nearest(f(520, v), spine)
        if v in (112, 336, 560):
            line = smooth(line + [f(430, v + 4), end], 2)
        elif v > 0:
            line.append(f(470 + (v - 115) * 0.21, v))
        street(line, 'street', 'birds', 'blocks', 'slab')
    street([f(468, 112), f(492, 224), f(516, 336), f(540, 448), f(564, 562)], 'street', 'birds', 'blocks',
           'slab')
    for u0, u1, v0, v1, cls, he, en in (
            (165, 330, 224, 336, 'park', 'גן הדוכיפת', 'HaDukhifat Garden'),
            (0, 165, 448, 560, 'school', 'בית ספר הנחלים', 'HaNehalim School'),
            (0, 165, 0, 112, 'sports', 'מגרש הספורט', 'Sports Ground')):
        reserved.append(area(cell(f, u0, u1, v0, v1, 10), cls, name=he, name_en=en))
    return f


def draw_park_quarter(spine, south):
    region = [(-630, -600), (-560, -390), (-470, -240), (-300, -260), (-120, -260), (-30, -380),
              (10, -560), (20, -760), (-60, -900), (-330, -950), (-560, -900), (-650, -760)]
    area(blob((-310, -600), 365, 345, 8), 'residential', district='park')
    lattice((-320, -600), 13, 9, 10, 92, 76, 9, region, spine[:60], 'birds', 'park', 'street', 'villa',
            skip=0.05)
    bridge = smooth([(-28, -560), (60, -545), (160, -520), (320, -560), nearest((540, -500), south)], 4)
    street(bridge, 'street', None, 'park', None, ('רחוב הגשר', 'HaGesher Street'))
    for inner, outer in (((-455, -455), (-640, -420)), ((-520, -720), (-742, -790)),
                         ((-400, -310), (-560, -240))):
        start = min((p for s in streets if s['district'] == 'park' for p in s['line']),
                    key=lambda p: distance(p, inner))
        street([start, nearest(outer, spine)], 'street', 'birds', 'park', 'villa')
    core = [p for s in streets if s['district'] == 'core' for p in s['line']]
    park = [p for s in streets if s['district'] == 'park' for p in s['line']]
    top = min(park, key=lambda p: distance(p, (-190, -240)))
    street([top, min(core, key=lambda p: distance(p, top))], 'street', 'birds', 'park', 'villa')


def draw_industry(south):
    f = frame((720, -900), 3)
    area([f(-50, -60), f(690, -60), f(690, 580), f(-130, 580), f(-150, 300)], 'industrial',
         district='industry')
    for u in (0, 210, 420, 630):
        street([f(u, 0), f(u, 520)], 'street', 'crafts', 'industry', 'shed')
    for v in (0, 130, 260, 390, 520):
        west = nearest(f(-150, v), south) if v in (0, 260, 520) else None
        street(([west] if west else []) + [f(0, v), f(630, v)], 'street', 'crafts', 'industry', 'shed')
    reserved.append(area(cell(f, 420, 630, 390, 520, 12), 'commercial', name='מרכז המלאכה',
                         name_en='Craft Centre'))
    return f


def draw_parks(wadi):
    park = [(-50, -40), (70, 60), (75, 100), (-20, 95), (-60, 40)]
    reserved.append(area(park, 'park', name='גן הבאר', name_en='HaBe\'er Garden'))
    big = [(215, 60), (420, 70), (470, -30), (485, -180), (455, -330), (470, -450), (330, -520),
           (230, -430), (170, -260), (230, -90)]
    reserved.append(area(big, 'park', name='פארק הנחל', name_en='HaNahal Park'))
    reserved.append(area(blob((345, -210), 62, 38, 25), 'water', name='אגם הפארק', name_en='Park Pond'))
    for line in ([(225, 50), (300, -40), (270, -180), (260, -300), (340, -400), (440, -440)],
                 [(480, -60), (420, -110), (440, -240), (390, -310), (340, -400)],
                 [(300, -40), (400, -80), (480, -60)], [(170, -120), (240, -150), (270, -180)]):
        street(smooth(line, 5), 'path')
    plaza = [(-345, 40), (-290, 62), (-306, 108), (-362, 92)]
    reserved.append(area(plaza, 'plaza', name='כיכר המייסדים', name_en='HaMeyasdim Square'))
    reserved.append(area([(-205, 128), (-120, 142), (-118, 196), (-212, 190)], 'commercial',
                         name='מרכז מסחרי העצמאות', name_en='HaAtzmaut Centre'))
    reserved.append(area(blob((-1290, 80), 105, 85, 15), 'cemetery', name='בית העלמין',
                         name_en='Cemetery'))
    reserved.append(area([(262, 830), (350, 890), (430, 1010), (320, 1050), (285, 960)], 'wood', name='חורשת האורנים',
                         name_en='Pine Grove'))
    street(smooth([p for p in ((90, 110), (40, -90), (-20, -280), (30, -470), (110, -660), (60, -840))], 5),
           'path', name=('שביל הנחל', 'HaNahal Trail'))


def draw_fields(towns):
    """Fields wherever the town is not, in strips that turn from block to block."""
    f = frame((0, 0), -11)
    crops = ('field',) * 6 + ('orchard',) * 3 + ('fallow',) * 2 + ('greenhouse',)
    for i in range(-17, 17):
        u, v = i * 118, -2000 + rng.uniform(-60, 60)
        while v < 2000:
            depth = rng.choice((130, 170, 240, 320))
            ring = clip_ring(cell(f, u, u + 118, v, v + depth, 3))
            v += depth
            if len(ring) < 3:
                continue
            middle = (sum(p[0] for p in ring) / len(ring), sum(p[1] for p in ring) / len(ring))
            corners = sum(any(inside(p, t) for t in towns) for p in ring)
            if corners <= 1 and not any(inside(middle, t) for t in towns):
                areas.insert(0, dict(ring=ring, more={}, **{'class': rng.choice(crops)}))
    for line in ([(-1500, 280), (-1290, 230), (-1180, 330), (-1080, 420)],
                 [(-1500, 1200), (-900, 1230), (-300, 1110), (240, 1080)],
                 [(260, 1010), (700, 1090), (1330, 1010)],
                 [(-1500, -300), (-1290, -330), (-1232, -362)],
                 [(-300, -1120), (-260, -1280)], [(1290, -300), (1180, -120), (1260, 120), (1235, 284)],
                 [(560, -180), (800, -220), (1180, -120)], [(-430, 860), (-200, 760), (60, 800)]):
        street(smooth(line, 4), 'track')


def clip_ring(ring):
    """A convex ring cut to the plan's box."""
    for axis, sign, limit in ((0, 1, HALF_WIDTH), (0, -1, HALF_WIDTH), (1, 1, HALF_HEIGHT),
                              (1, -1, HALF_HEIGHT)):
        out = []
        for p, q in zip(ring, ring[1:] + ring[:1]):
            dp, dq = sign * p[axis] - limit, sign * q[axis] - limit
            if dp <= 0:
                out.append(p)
            if (dp > 0) != (dq > 0):
                t = dp / (dp - dq)
                out.append((p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])))
        ring = out
        if not ring:
            break
    return ring


# Houses

class Index:
    """Rings found by the squares of 40 m that they touch."""
    SIDE = 40.0

    def __init__(self):
        self.squares = {}

    def keys(self, ring):
        xs, ys = [p[0] for p in ring], [p[1] for p in ring]
        for i in range(int(min(xs) // self.SIDE), int(max(xs) // self.SIDE) + 1):
            for j in range(int(min(ys) // self.SIDE), int(max(ys) // self.SIDE) + 1):
                yield i, j

    def add(self, ring):
        for key in self.keys(ring):
            self.squares.setdefault(key, []).append(ring)

    def hits(self, ring):
        return any(overlap(ring, other) for key in self.keys(ring) for other in self.squares.get(key, ()))


# along the street (least, most), depth, gap (least, most), set back from the clearance
HOUSES = {'old': ((8, 15), (8, 13), (1.5, 6), (0, 2)), 'villa': ((10, 15), (9, 13), (6, 11), (3, 6)),
          'flats': ((16, 24), (13, 16), (7, 11), (3, 5)), 'slab': ((28, 46), (11, 13), (9, 16), (4, 9)),
          'shed': ((28, 70), (24, 48), (6, 16), (4, 9)), 'shop': ((12, 24), (11, 15), (1, 5), (1, 2.5))}


def house_shape(along, depth, centre, angle, kind):
    """A rectangle; some with a corner taken out, as houses have."""
    if kind in ('shed', 'slab') or rng.random() < 0.55:
        return rectangle(centre, along, depth, angle)
    a, d = along / 2, depth / 2
    ca, cd = along * rng.uniform(0.3, 0.5), depth * rng.uniform(0.3, 0.5)
    sign = rng.choice((-1, 1))
    ring = [(-a, -d), (a, -d), (a, d - cd), (a - ca, d - cd), (a - ca, d), (-a, d)]
    return [turn((sign * x, y), angle, centre) for x, y in (ring if sign > 0 else ring[::-1])]


def build_houses(index):
    numbers = {}    # a street may come in pieces, and its numbers go on from one to the next
    for s in streets:
        if s['houses'] is None:
            continue
        for side in (1, -1):
            key = (s['name'], side)
            number = numbers.get(key, 1 if side > 0 else 2)
            for a, b in merge_straight(s['line']):
                number = build_row(s, a, b, side, number, index)
            numbers[key] = number


def merge_straight(line):
    """The segments of a line, those that barely turn taken as one, so that houses do not end at each."""
    out = [line[0]]
    for p, q, r in zip(line, line[1:], line[2:]):
        bend = math.degrees(math.atan2(r[1] - q[1], r[0] - q[0]) - math.atan2(q[1] - out[-1][1], q[0] - out[-1][0]))
        if abs((bend + 180) % 360 - 180) > 7 or distance(out[-1], q) > 150:
            out.append(q)
    return segments(out + [line[-1]])


def build_row(s, a, b, side, number, index):
    kind = s['houses']
    spans, depths, gaps, backs = HOUSES[kind]
    length = distance(a, b)
    if length < 9:
        return number
    ux, uy = (b[0] - a[0]) / length, (b[1] - a[1]) / length
    angle = math.degrees(math.atan2(uy, ux))
    at = rng.uniform(0.5, 4)
    while at < length:
        along, depth = rng.uniform(*spans), rng.uniform(*depths)
        off = CLEARANCE[s['class']] + rng.uniform(*backs) + depth / 2
        x, y = a[0] + ux * (at + along / 2), a[1] + uy * (at + along / 2)
        centre = (x - uy * off * side, y + ux * off * side)
        hull = rectangle(centre, along + 2.4, depth + 2.4, angle)
        fits = at + along <= length + 6 and not index.hits(hull) and not any(
            inside(p, ring) for ring in reserved for p in hull + [centre])
        if fits and rng.random() > 0.05:
            ring = house_shape(along, depth, centre, angle if side > 0 else angle + 180, kind)
            buildings.append(dict(ring=ring, street=s, number=number))
            index.add(hull)
            number += 2
            at += along + rng.uniform(*gaps)
        elif fits:
            number += 2
            at += along
        else:
            at += 3.5
    return number


def build_public(index):
    """The big buildings of schools and centres: wings inside the plot."""
    for a in list(areas):
        if a['class'] not in ('school', 'commercial', 'plaza', 'sports'):
            continue
        ring = a['ring']
        cx, cy = sum(p[0] for p in ring) / len(ring), sum(p[1] for p in ring) / len(ring)
        angle = math.degrees(math.atan2(ring[1][1] - ring[0][1], ring[1][0] - ring[0][0]))
        long, wide = distance(ring[0], ring[1]), distance(ring[1], ring[2])
        shapes = {'school': ((0, -0.18, 0.7, 0.24), (-0.25, 0.12, 0.16, 0.36), (0.2, 0.22, 0.3, 0.16)),
                  'commercial': ((0, -0.2, 0.8, 0.3), (-0.1, 0.25, 0.6, 0.28)),
                  'plaza': ((-0.3, 0, 0.2, 0.6),), 'sports': ((0.4, 0, 0.08, 0.6),)}[a['class']]
        for x, y, w, h in shapes:
            centre = turn((x * long, y * wide), angle, (cx, cy))
            shape = rectangle(centre, w * long, h * wide, angle)
            if index.hits(shape):
                continue
            buildings.append(dict(ring=shape, street=None, number=None,
                                  name=a['more']['name'] if (x, y, w, h) == shapes[0] else None))
            index.add(shape)


# Output

def feature(geometry, coordinates, **properties):
    return {'type': 'Feature', 'properties': {k: v for k, v in properties.items() if v is not None},
            'geometry': {'type': geometry, 'coordinates': coordinates}}


def closed(ring):
    out = [lonlat(p) for p in clip_ring(list(ring))]
    return [out + [out[0]]]


def write(path, features, **more):
    head = json.dumps(dict(type='FeatureCollection', **more), ensure_ascii=False)[:-1]
    lines = ',\n'.join(json.dumps(f, ensure_ascii=False, separators=(',', ':')) for f in features)
    with open(path, 'w', encoding='utf-8', newline='\n') as out:
        out.write(head + ', "features": [\n' + lines + '\n]}\n')


def clip(line):
    """Lines that leave the plan end at its edge."""
    return [p for p in line if abs(p[0]) <= HALF_WIDTH + 1 and abs(p[1]) <= HALF_HEIGHT + 1]


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))
    wadi = draw_country()
    highway, spine, south, north = draw_spine()
    areas.insert(0, dict(ring=ribbon(spine[22:], [46] * len(spine[22:])), more={'district': 'core'},
                         **{'class': 'residential'}))
    draw_core(spine, north)
    draw_garden(north)
    draw_grid(spine)
    draw_south(spine)
    draw_park_quarter(spine, south)
    draw_industry(south)
    draw_parks(wadi)
    main_name, south_name = ('שדרות העצמאות', 'HaAtzmaut Boulevard'), ('דרך הנחל', 'HaNahal Road')
    rounds = [((-690, -600), 20), ((460, 150), 22), ((-330, 60), 17)]
    for line, name, houses in ((spine, main_name, 'shop'), (south, south_name, None),
                               (north, ('דרך הגנים', 'HaGanim Road'), 'shop')):
        pieces = [line]
        for centre, radius in rounds:
            pieces = [q for p in pieces for q in cut_circle(p, centre, radius)]
        for k, piece in enumerate(pieces):
            rural = line is spine and k == 0
            street(piece, 'main', None, 'core', None if rural else houses, name)
    for k, (centre, radius) in enumerate(rounds):
        ring = [polar(centre, radius, a) for a in range(0, 361, 20)]
        names = (('כיכר השיטים', 'HaShitim Circle'), ('כיכר הגשר', 'HaGesher Circle'),
                 ('כיכר הבאר', 'HaBe\'er Circle'))
        street(ring, 'main', None, 'core', None, names[k], junction='roundabout')
        reserved.append(rectangle(centre, radius * 2.4, radius * 2.4, 0))
    rail = smooth([(1480, 1300), (1440, 700), (1400, 100), (1430, -500), (1500, -1300)])
    street(rail, 'rail', name=('מסילת הברזל', 'Railway'))
    towns = [a['ring'] for a in areas if a['class'] in ('residential', 'industrial')]
    draw_fields(towns + [ribbon(highway, [40] * len(highway)), ribbon(rail, [25] * len(rail))]
                + reserved)
    index = Index()
    for s in streets:
        width = CLEARANCE[s['class']]
        for a, b in segments(s['line']):
            n = distance(a, b)
            if n > 0:
                index.add(rectangle(((a[0] + b[0]) / 2, (a[1] + b[1]) / 2), n + width, 2 * width - 1.5,
                                    math.degrees(math.atan2(b[1] - a[1], b[0] - a[0]))))
    build_public(index)
    build_houses(index)
    emit(folder)
    emit_places(folder)


def emit_places(folder):
    """Things that tickets hang on: lamps and cabinets, gardens and playgrounds, public buildings."""
    places = []

    def place(code, layer, kind, name, name_en, point, ring=None):
        house = min((b for b in buildings if b['number']), key=lambda b: distance(point, b['ring'][0]))
        address = '%s %d' % (house['street']['name'], house['number'])
        coordinates = closed(ring) if ring else lonlat(point)
        places.append(feature('Polygon' if ring else 'Point', coordinates, code=code, layer=layer,
                              kind=kind, name=name, name_en=name_en, address=address))

    lit = [s for s in streets if s['houses'] and len(s['line']) >= 2]
    for k in range(24):
        line = lit[(k * 5 + 2) % len(lit)]['line']
        a, b = segments(line)[len(line) // 2 - 1]
        n = distance(a, b)
        p = ((a[0] + b[0]) / 2 - (b[1] - a[1]) / n * 5, (a[1] + b[1]) / 2 + (b[0] - a[0]) / n * 5)
        place('lamp-%d' % (101 + k), 'lighting', 'lamp', 'עמוד תאורה %d' % (101 + k),
              'Lamp post %d' % (101 + k), p)
    for k, p in enumerate(((-300, 150), (-830, 610), (800, 480), (-1080, -380), (-310, -560), (930, -640))):
        place('cabinet-%d' % (k + 1), 'lighting', 'cabinet', 'מרכזיית תאורה %d' % (k + 1),
              'Lighting cabinet %d' % (k + 1), p)
    named = [a for a in areas if a['more'].get('name')]
    middle = lambda r: (sum(p[0] for p in r) / len(r), sum(p[1] for p in r) / len(r))
    k = 0
    for a in [a for a in named if a['class'] in ('park', 'plaza', 'sports', 'wood')]:
        k += 1
        place('garden-%d' % k, 'gardens', a['class'], a['more']['name'], a['more']['name_en'],
              middle(a['ring']), a['ring'])
    for k, a in enumerate([a for a in named if a['class'] == 'park'], 1):
        ring = rectangle(middle(a['ring']), 18, 12, 20 * k)
        place('playground-%d' % k, 'gardens', 'playground', 'מתקני משחק, ' + a['more']['name'],
              'Playground, ' + a['more']['name_en'], middle(ring), ring)
    k = 0
    for a in [a for a in named if a['class'] in ('school', 'commercial', 'cemetery')]:
        k += 1
        place('public-%d' % k, 'public', a['class'], a['more']['name'], a['more']['name_en'],
              middle(a['ring']), a['ring'])
    for k, p in enumerate(((-380, 210), (-210, 20), (-700, 560), (-980, 820), (560, 420), (900, 600),
                           (-1120, -220), (-900, -560), (-420, -640), (-180, -420)), 1):
        place('shelter-%d' % k, 'public', 'shelter', 'מקלט ציבורי %d' % k, 'Public shelter %d' % k, p)
    for k, p in enumerate(((-318, 98), (300, 20), (790, 560)), 1):
        place('toilets-%d' % k, 'public', 'toilets', 'שירותים ציבוריים %d' % k, 'Public toilets %d' % k, p)
    place('council', 'public', 'office', 'בית המועצה', 'Council House', (-270, 125))
    for code, name, name_en, note in DISTRICTS:
        ring = next(a['ring'] for a in areas if a['more'].get('district') == code and a['class'] == 'residential'
                    and len(a['ring']) == 22)
        places.append(feature('Polygon', closed(ring), code=code, layer='districts', kind='district', name=name,
                              name_en=name_en, note=note))
    for code, street_name, name, name_en in ROUTES:
        line = max((s['line'] for s in streets if s['en'] == street_name), key=len)
        places.append(feature('LineString', [lonlat(p) for p in clip(line)], code=code, layer='routes', kind='route',
                              name=name, name_en=name_en))
    write(os.path.join(folder, 'places.geojson'), places, name='מקומות בעיר לדוגמה')


def emit(folder):
    codes, features = {}, []
    for a in areas:
        features.append(feature('Polygon', closed(a['ring']), layer='area', **{'class': a['class']},
                                **a['more']))
    for b in buildings:
        s = b['street']
        code = codes.setdefault(s['name'], 's%d' % (len(codes) + 1)) if s else None
        features.append(feature('Polygon', closed(b['ring']), layer='building', street=code,
                                number=b['number'], name=b.get('name')))
    for s in streets:
        code = codes.setdefault(s['name'], 's%d' % (len(codes) + 1)) if s['name'] else None
        features.append(feature('LineString', [lonlat(p) for p in clip(s['line'])], layer='street',
                                **{'class': s['class']}, street=code, name=s['name'], name_en=s['en'],
                                district=s['district'], **s['more']))
    write(os.path.join(folder, 'town.geojson'), features, name='עיר לדוגמה')


if __name__ == '__main__':
    main()
