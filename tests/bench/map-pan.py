#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The map's tickets, 20,000 in view of 100,000, beside 1,000 and beside libshumate's markers, on the display it is given:
map-pan.py HUB CTL PAN [TICKETS TICKETS]"""
import statistics, sys, tempfile

from programs import Hub, run, spread

HUB, CTL, PAN = sys.argv[1:4]
FEW, MANY = [int(n) for n in sys.argv[4:6]] or [1000, 100000]


def at(values, part):
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def pan(how, store, *where):
    lines = dict(line.split(" ", 1) for line in run(PAN, how, store, *where).splitlines() if " " in line)
    return lines["at"].split(), int(lines["spots"]), float(lines["shown"]), *(
        [int(us) / 1000 for us in lines.get(name, "").split()] for name in ("built", "own"))


def tell(words, shown, built, own):
    print(f"{words}: shown after {shown:.1f} ms")
    if built:
        print(f"  a step's snapshot of the layer, ms: {spread(built)}, 99th percentile {at(built, 0.99):.2f}")
    print(f"  a step's frame without the renderer, CPU ms: {spread(own)}, 99th percentile {at(own, 0.99):.2f}")


with tempfile.TemporaryDirectory() as top:
    stores = {}
    for tickets in (FEW, MANY):
        hub = Hub(HUB, CTL, f"{top}/hub{tickets}", tickets)
        stores[tickets] = f"{top}/store{tickets}"
        hub.enrol(stores[tickets])
        hub.sync(stores[tickets])
        hub.close()
    where, spots, shown, built, own = pan("layer", stores[MANY])
    tell(f"{spots} of {MANY} tickets in view", shown, built, own)
    _, fewer, few_shown, few_built, few_own = pan("layer", stores[FEW], *where)
    tell(f"{fewer} of {FEW} tickets in view", few_shown, few_built, few_own)
    _, _, slow_shown, _, slow_own = pan("markers", stores[MANY], *where)
    tell(f"the same {spots} as libshumate's markers", slow_shown, [], slow_own)
    print(f"a snapshot: median {statistics.median(built):.2f} ms (at most 6), 99th percentile {at(built, 0.99):.2f} (at most 16); "
          f"{statistics.median(built) / statistics.median(few_built):.2f} x of {FEW} tickets (at most 2)")
    print(f"markers: {statistics.median(slow_own) / statistics.median(own):.0f} x a step, {slow_shown / shown:.0f} x until shown "
          "(at least 100)")
