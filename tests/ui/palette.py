#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The palette holds for every eye: letters stand out on their chip, and statuses are told apart with
full colour sight and without red (protanopia) or green (deuteranopia).

Simulation: Machado, Oliveira, Fernandes 2009, severity 1. Difference: CIEDE2000.

    palette.py STYLE_FOLDER SHEET...

The sheets are all that dress the window besides those of the sun.
"""
import itertools
import math
import os
import re
import sys

FOLDER, SHEETS = sys.argv[1], sys.argv[2:]
CONTRAST = 4.5   # WCAG 2 AA, for text of any size
GRAPHIC = 3.0    # WCAG 2, for shapes
DIFFERENCE = 10  # CIEDE2000; about 2 is just seen side by side
WINDOW = {'palette.css': '#fafafa', 'palette-dark.css': '#242424', 'palette-sun.css': '#ffffff'}
# WCAG 2 AAA, for what is read in the sun.
MORE = {'palette-sun.css': 7.0}
# Pictures, which may fade.
NOT_SAID = ('.camera-live.flash', '.shutter:disabled')
# Of the map's own size, or of a picture's.
IN_PIXELS = ('.map-marker', '.report-pin', '.help-')
# What the theme or the day makes pale: who rests, which page is chosen, what lies between two parts of a page.
SUN_SAYS = (('button:disabled', 'filter', 'none'), ('button:disabled', 'color', '@sht_rest_fg'),
            ('button:disabled', 'outline', '2px dashed @sht_rest_fg'), ('.rail-button:checked', 'box-shadow', '.*@sht_action'),
            ('separator', 'background-color', '#000000'))
EYES = {
    'all colours': ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    'no red': ((.152286, 1.052583, -.204868), (.114503, .786281, .099216), (-.003882, -.048116, 1.051998)),
    'no green': ((.367322, .860646, -.227968), (.280085, .672501, .047413), (-.011820, .042940, .968881)),
}
count = 0


def check(good, what):
    global count
    count += 1
    print(f'{"ok" if good else "not ok"} {count} - {what}')


def linear(colour):
    out = []
    for i in (1, 3, 5):
        c = int(colour[i:i + 2], 16) / 255
        out.append(c / 12.92 if c <= .04045 else ((c + .055) / 1.055) ** 2.4)
    return out


def contrast(a, b):
    low, high = sorted(.2126 * r + .7152 * g + .0722 * bl for r, g, bl in (linear(a), linear(b)))
    return (high + .05) / (low + .05)


def lab(colour, eye):
    rgb = linear(colour)
    r, g, b = (min(1, max(0, sum(m * c for m, c in zip(row, rgb)))) for row in eye)
    x, y, z = ((.4124 * r + .3576 * g + .1805 * b) / .95047, .2126 * r + .7152 * g + .0722 * b,
               (.0193 * r + .1192 * g + .9505 * b) / 1.08883)
    fx, fy, fz = (t ** (1 / 3) if t > .008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def ciede2000(one, two):
    (l1, a1, b1), (l2, a2, b2) = one, two
    mean = ((math.hypot(a1, b1) + math.hypot(a2, b2)) / 2) ** 7
    g = .5 * (1 - math.sqrt(mean / (mean + 25 ** 7)))
    a1, a2 = a1 * (1 + g), a2 * (1 + g)
    c1, c2 = math.hypot(a1, b1), math.hypot(a2, b2)
    h1, h2 = math.degrees(math.atan2(b1, a1)) % 360, math.degrees(math.atan2(b2, a2)) % 360
    turn = 0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    dh = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn / 2))
    light, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    if c1 * c2 == 0:
        hue = h1 + h2
    elif abs(h1 - h2) <= 180:
        hue = (h1 + h2) / 2
    else:
        hue = (h1 + h2 + (360 if h1 + h2 < 360 else -360)) / 2
    cos = (lambda degrees: math.cos(math.radians(degrees)))
    t = 1 - .17 * cos(hue - 30) + .24 * cos(2 * hue) + .32 * cos(3 * hue + 6) - .2 * cos(4 * hue - 63)
    sl = 1 + .015 * (light - 50) ** 2 / math.sqrt(20 + (light - 50) ** 2)
    sc, sh = 1 + .045 * chroma, 1 + .015 * chroma * t
    rt = (-2 * math.sqrt(chroma ** 7 / (chroma ** 7 + 25 ** 7))
          * math.sin(math.radians(60 * math.exp(-((hue - 275) / 25) ** 2))))
    dl, dc, dh = (l2 - l1) / sl, (c2 - c1) / sc, dh / sh
    return math.sqrt(dl * dl + dc * dc + dh * dh + rt * dc * dh)


def read(name):
    with open(os.path.join(FOLDER, name), encoding='utf-8') as f:
        return dict(re.findall(r'@define-color (\w+) (#[0-9a-f]{6});', f.read()))


def rules(path):
    """Yields: (one selector, its declarations by name)"""
    with open(path, encoding='utf-8') as f:
        text = re.sub(r'/\*.*?\*/', '', f.read(), flags=re.S)
    for selectors, body in re.findall(r'([^{};]+)\{([^{}]*)\}', text):
        said = dict(re.findall(r'([\w-]+)\s*:\s*([^;]+)', body))
        for selector in selectors.split(','):
            yield ' '.join(selector.split()), said


def look_through():
    """What fades by day says something in the sun too: there the same words are black, or as dark as the palette has them."""
    sun = {}
    for selector, said in rules(os.path.join(FOLDER, 'style-sun.css')):
        sun.setdefault(selector, {}).update(said)
    for sheet in SHEETS:
        for selector, said in rules(sheet):
            size = said.get('-gtk-icon-size')
            if size is not None and not selector.startswith(IN_PIXELS):
                check(size.endswith('em'), f'symbols of {selector} are as large as letters')
            if selector in NOT_SAID:
                continue
            if 0 < float(said.get('opacity', 1)) < 1:
                check(float(sun.get(selector, {}).get('opacity', 0)) == 1, f'in the sun {selector} does not fade')
            if said.get('color', '').startswith('alpha'):
                check(re.fullmatch('#000000|@sht_\\w+', sun.get(selector, {}).get('color', '')),
                      f'in the sun {selector} has a full colour')
    for selector, name, least in SUN_SAYS:
        check(re.match(least, sun.get(selector, {}).get(name, '')), f'in the sun {selector} has its {name}')


def main():
    # Sharma, Wu, Dalal 2005, their first and twentieth pair: the ruler itself is right.
    check(abs(ciede2000((50, 2.6772, -79.7751), (50, 0, -82.7485)) - 2.0425) < 1e-4
          and abs(ciede2000((50, 2.5, 0), (58, 24, 15)) - 19.4535) < 1e-4, 'the formula gives its published values')
    day = read('palette.css')
    for name in WINDOW:
        palette = read(name)
        check(palette.keys() == day.keys(), f'{name}: has every name')
        for colour in sorted(palette):
            if colour + '_fg' in palette:
                found = contrast(palette[colour], palette[colour + '_fg'])
                check(found >= MORE.get(name, CONTRAST), f'{name}: letters on {colour} {found:.1f}')
        for colour in ('sht_mark', 'sht_mark_attention', 'sht_action'):
            found = contrast(palette[colour], WINDOW[name])
            check(found >= MORE.get(name, GRAPHIC), f'{name}: {colour} on the window {found:.1f}')
        for colour in ('sht_ring_ok', 'sht_ring_soon', 'sht_ring_late'):
            found = contrast(palette[colour], palette['sht_mark_bg'])
            check(found >= MORE.get(name, GRAPHIC), f'{name}: {colour} on a card {found:.1f}')
        # They are words too, in the legend.
        for colour in ('sht_trend_opened', 'sht_trend_closed'):
            found = contrast(palette[colour], palette['sht_mark_bg'])
            check(found >= MORE.get(name, CONTRAST), f'{name}: {colour} on a card {found:.1f}')
        for family in ('sht_status_', 'sht_sla_', 'sht_ring_', 'sht_trend_'):
            members = [c for c in palette if c.startswith(family) and not c.endswith('_fg')]
            for eye, matrix in EYES.items():
                seen = {c: lab(palette[c], matrix) for c in members}
                least, a, b = min((ciede2000(seen[a], seen[b]), a, b) for a, b in itertools.combinations(members, 2))
                check(least >= DIFFERENCE, f'{name}: {eye}: the nearest are {a} and {b}, {least:.1f}')
    for sheet in SHEETS:
        with open(sheet, encoding='utf-8') as f:
            used = set(re.findall(r'@(sht_\w+)', f.read()))
        check(used <= day.keys(), f'{os.path.basename(sheet)} uses only colours that are defined')
    look_through()
    print(f'1..{count}')


main()
