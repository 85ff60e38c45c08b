#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A window with the sample town's map beside an empty one of libshumate's, on the display it is given:
map-first.py PROGRAM MAP.mbtiles"""
import statistics, sys

from programs import run, spread

PROGRAM, MAP = sys.argv[1:3]
WHERE = ("31.2400", "34.6000", "16")
RUNS = 15

with_map, empty = [], []
# In turns, so that a busy minute falls on both; what is measured begins with warm files.
for i in range(RUNS + 1):
    first, none = float(run(PROGRAM, MAP, *WHERE)), float(run(PROGRAM))
    if i > 0:
        with_map.append(first)
        empty.append(none)
print(f"a window until its first map is whole, ms: {spread(with_map)}")
print(f"an empty map of libshumate's, until its first frame, ms: {spread(empty)}")
print(f"the first map: {statistics.median(with_map) / statistics.median(empty):.2f} x the empty window (at most 1.5); by the minima "
      f"{min(with_map) / min(empty):.2f}")
