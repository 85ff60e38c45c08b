#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ratios of the main job to its floor, in one run: main_job.py HUB CTL FLOOR ACTS [TICKETS ...]"""
import os, shutil, statistics, sys, tempfile, time
from programs import Hub, run, spread

HUB, CTL, FLOOR, ACTS = sys.argv[1:5]
SIZES = [int(n) for n in sys.argv[5:]] or [10000, 100000]


def first_pull(top, tickets):
    hub = Hub(HUB, CTL, f"{top}/hub{tickets}", tickets)
    floors, lists, searches = [], [], []
    for i in range(5 if tickets <= 20000 else 3):
        store = f"{top}/store{tickets}"
        token = hub.enrol(store)
        file = f"{top}/floor.db"
        floor = run(FLOOR, "pull", hub.url, token, file).split()
        os.unlink(file)
        floors.append(float(floor[0]))
        told = hub.sync(store)
        lists.append(told["synced_ms"])
        searches.append(told["indexed_ms"])
    print(f"first pull, {tickets} tickets ({floor[1]} rows, {int(floor[2]) / 1e6:.1f} MB)")
    print(f"  floor ms         {spread(floors)}")
    print(f"  list usable ms   {spread(lists)}: {statistics.median(lists) / statistics.median(floors):.2f} x floor (at most 2)")
    print(f"  search ready ms  {spread(searches)}: {statistics.median(searches) / statistics.median(floors):.2f} x floor (at most 4)")
    nothing = []
    for i in range(7):
        told = hub.sync(store)
        nothing.append(told["synced_ms"])
    print(f"  nothing new      {spread(nothing)} ms, {told['bytes_down']} bytes down")
    search = []
    for i in range(7):
        start = time.monotonic()
        run(CTL, "--store", store, "list", "--search", "כביש", "--limit", "50")
        search.append((time.monotonic() - start) * 1000)
    print(f"  first page of a search, whole process  {spread(search)} ms (at most 20 in the query)")
    status(top, store)
    hub.close()


def status(top, store):
    file = f"{top}/status.db"
    floor, ours = [], []
    for i in range(5):
        shutil.copy(f"{store}/store.db", file)
        floor.append(float(run(FLOOR, "status", file, "200")))
        ours.append(float(run(ACTS, store, "200")))
    print(f"  status change us {spread(ours)}")
    print(f"  bare transaction {spread(floor)}: {statistics.median(ours) / statistics.median(floor):.2f} x (at most 1.5)")


def memory(top):
    peaks = []
    for tickets in (1000, 100000):
        hub = Hub(HUB, CTL, f"{top}/mem{tickets}", tickets)
        store = f"{top}/memstore{tickets}"
        hub.enrol(store)
        pid = os.fork()
        if pid == 0:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            os.execv(CTL, [CTL, "--store", store, "sync"])
        usage = os.wait4(pid, 0)[2]
        peaks.append(usage.ru_maxrss / 1024)
        hub.close()
    print(f"peak memory of the first pull: {peaks[0]:.1f} MiB with 1000, {peaks[1]:.1f} MiB with 100000: {peaks[1] / peaks[0]:.2f} x (at most 1.5)")


with tempfile.TemporaryDirectory() as top:
    for size in SIZES:
        first_pull(top, size)
    if 100000 in SIZES:
        memory(top)
