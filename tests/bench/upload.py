#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""upload.py HUB CTL FOLDER: twenty photos, as the tablet keeps them, sent to the hub, beside tus-js-client that sends the same bytes to
@tus/server (npm), which neither hashes nor syncs what it keeps. Without node, npm or a registry it is skipped."""
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path[:0] = [os.path.join(HERE, "..", "main_job")]
from programs import Hub, run, spread  # noqa: E402

PHOTOS, ROUNDS = 20, 5
INTEROP = [os.path.join(HERE, "..", "interop", name, "package.json") for name in ("tus", "tus-server")]


def prepare(folder):
    """The packages of the tests of interoperability, in their versions."""
    if not all(shutil.which(program) for program in ("node", "npm", "convert")):
        return "it wants node, npm and convert (imagemagick)"
    needs = {}
    for path in INTEROP:
        with open(path, encoding="utf-8") as file:
            needs.update(json.load(file)["dependencies"])
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "package.json"), "w", encoding="utf-8") as file:
        json.dump({"name": "shetach-bench-upload", "private": True, "dependencies": needs}, file)
    done = subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"], cwd=folder,
                          capture_output=True, check=False)
    return None if done.returncode == 0 else "the packages cannot be installed"


def paint(top):
    """Pictures with so much in them that the tablet keeps some 2 MiB of each."""
    for n in range(PHOTOS):
        run("convert", "-seed", n, "-size", "2048x1536", "plasma:", "-attenuate", "3.6", "+noise", "Gaussian", "-quality", "92",
            f"{top}/{n}.jpg")
    return [f"{top}/{n}.jpg" for n in range(PHOTOS)]


def ours(hub_exe, ctl, top, pictures):
    hub = Hub(hub_exe, ctl, os.path.join(top, "hub"), 400)
    store = os.path.join(top, "store")
    try:
        hub.enrol(store, "--crew", "roads-1")
        hub.sync(store)
        ticket = json.loads(run(ctl, "--store", store, "list", "--json"))[0]["id"]
        for path in pictures:
            run(ctl, "--store", store, "photo", ticket, path)
        photos = json.loads(run(ctl, "--store", store, "show", ticket, "--json"))["photos"]
        files = [os.path.join(store, "photos", photo["sha256"][:2], photo["sha256"]) for photo in photos
                 if photo["source_sha256"]][-PHOTOS:]
        start = time.monotonic()
        told = hub.sync(store)
        took = (time.monotonic() - start) * 1000
        if told["pending"] != 0:
            raise SystemExit(f"not all was sent: {told}")
        kept = os.path.join(top, "files")
        os.makedirs(kept, exist_ok=True)
        return took, [shutil.copy(path, os.path.join(kept, os.path.basename(path))) for path in files]
    finally:
        hub.close()
        shutil.rmtree(store)
        shutil.rmtree(os.path.join(top, "hub"))


def theirs(folder, top, files):
    taken = os.path.join(top, "taken")
    os.makedirs(taken)
    told = subprocess.run(["node", os.path.join(HERE, "upload.cjs"), taken, *files], check=True, capture_output=True, text=True,
                          env={**os.environ, "NODE_PATH": os.path.join(folder, "node_modules")}).stdout
    sizes = sorted(os.path.getsize(os.path.join(taken, name)) for name in os.listdir(taken) if not name.endswith(".json"))
    if sizes != sorted(map(os.path.getsize, files)):
        raise SystemExit("the other server has not the same bytes")
    shutil.rmtree(taken)
    return float(told)


def main(hub_exe, ctl, folder):
    folder = os.path.join(folder, "upload")
    reason = prepare(folder)
    if reason:
        print("skipped:", reason)
        return
    with tempfile.TemporaryDirectory() as top:
        pictures = paint(top)
        here, there = [], []
        for _ in range(ROUNDS):
            took, files = ours(hub_exe, ctl, top, pictures)
            here.append(took)
            there.append(theirs(folder, top, files))
        size = sum(map(os.path.getsize, files))
    print(f"{len(files)} photos, {size / 2**20:.1f} MiB, sent")
    print(f"  ours, hashed and synced, the whole process  {spread(here)} ms")
    print(f"  tus-js-client to @tus/server                {spread(there)} ms")
    print(f"  {statistics.median(here) / statistics.median(there):.2f} x (at most 1.2)")


main(*sys.argv[1:])
