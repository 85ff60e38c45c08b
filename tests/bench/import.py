#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""import.py BENCH_IMPORT [REAL_DATA]: a photo is taken in, its confined helper's start included, beside vipsthumbnail."""
import os, shutil, statistics, subprocess, sys, tempfile, time

ROUNDS = 15


def milliseconds(*argv):
    start = time.monotonic()
    told = subprocess.run(argv, check=True, capture_output=True, text=True).stdout
    return (time.monotonic() - start) * 1000, told


def spread(values):
    return f"median {statistics.median(values):.1f} (min {min(values):.1f}, max {max(values):.1f}, n {len(values)}) ms"


def main(program, real_data=""):
    photo = os.path.join(real_data, "photos", "jolla.jpg")
    if not real_data or not os.path.exists(photo) or shutil.which("vipsthumbnail") is None:
        print("skipped: it wants -Dreal_data and vipsthumbnail (libvips-tools)")
        return
    with tempfile.TemporaryDirectory() as top:
        tiny, out = f"{top}/tiny.jpg", f"{top}/out.jpg"
        subprocess.run(["vipsthumbnail", "-s", "16", photo, "-o", tiny], check=True)
        ours, starts, theirs = [], [], []
        for _ in range(ROUNDS):
            ours.append(milliseconds(program, photo)[0])
            starts.append(milliseconds(program, tiny)[0])
            theirs.append(milliseconds("vipsthumbnail", "-s", "2048", photo, "-o", f"{out}[Q=85]")[0])
        size = milliseconds(program, photo)[1].split()
    print(f"a photo of 8 megapixels to {' x '.join(size)}, hashes and a small one too")
    print(f"  taken in       {spread(ours)}")
    print(f"  of that, start {spread(starts)}")
    print(f"  vipsthumbnail  {spread(theirs)}")
    print(f"  {statistics.median(ours) / statistics.median(theirs):.2f} x vipsthumbnail (at most 1.5)")


main(*sys.argv[1:])
