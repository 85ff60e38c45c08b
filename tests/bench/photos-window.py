#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What photos cost the window's frames, on the display it is given: photos-window.py HUB CTL ACTS SAMPLE
Twenty are taken in while a ticket is looked at; then all of a ticket with 100, and with 1,000, are scrolled through."""
import json, os, re, subprocess, sys, tempfile

HUB, CTL, ACTS, SAMPLE = sys.argv[1:5]
sys.dont_write_bytecode = True
sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__))), SAMPLE]
from programs import Hub, run  # noqa: E402
import photo as sample_photo  # noqa: E402

TAKEN, FEW, MANY, ROUNDS = 20, 100, 1000, 3
SIZE = "1280x800"


def at(values, part):
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def make_store(hub, store, which, pictures):
    """A tablet whose window opens with a ticket of its own, that has those photos, which the hub has too."""
    hub.enrol(store, "--crew", "roads-1")
    hub.sync(store)
    ticket = json.loads(run(CTL, "--store", store, "list", "--json"))[which]["id"]
    for path in pictures:
        run(CTL, "--store", store, "photo", ticket, path, "--role", "before")
    hub.sync(store)
    # A window that comes asks who of the crew is there, before anything else.
    run(CTL, "--store", store, "here", "nobody")
    with open(f"{store}/window.ini", "w") as file:
        file.write(f"[window]\npage=work\nticket={ticket}\n")
    return store


def count(store):
    """How many photos the ticket has that the window opens with."""
    with open(f"{store}/window.ini") as file:
        ticket = re.search(r"^ticket=(\S+)", file.read(), re.M).group(1)
    return len(json.loads(run(CTL, "--store", store, "show", ticket, "--json"))["photos"])


def act(*argv):
    own, memory = {}, 0
    for line in run(ACTS, *argv).splitlines():
        told = re.fullmatch(r"(slow|fast|jump|import) (\S+) (\S+)", line)
        if told:
            own.setdefault(told.group(1), []).append(float(told.group(2)))
        elif line.startswith("memory "):
            memory = int(line.split()[1]) / 1024
    return own, memory


def tell(words, values):
    print(f"  {words:40} median {at(values, 0.5):.1f}, 99th of 100 {at(values, 0.99):.1f}, max {max(values):.1f}, "
          f"n {len(values)}")


def imports(top, stores):
    """Large ones, with a camera's noise: the helper has something to do."""
    run("convert", "-seed", "1", "-size", "2560x1920", "plasma:", "-attenuate", "0.5", "+noise", "Gaussian", f"{top}/base.ppm")
    for n in range(TAKEN):
        run("convert", f"{top}/base.ppm", "-roll", f"+{100 * n}+0", "-quality", "90", f"{top}/large-{n}.jpg")
    with open(f"{top}/names", "w") as file:
        file.write("".join(f"{top}/large-{n}.jpg\n" for n in range(TAKEN)))
    found = []
    for store in stores:
        found += act("import", store, SIZE, f"{top}/names")[0]["import"]
        if count(store) < TAKEN:
            raise SystemExit("not all were taken in")
    print(f"{TAKEN} photos taken in, {ROUNDS} times: our own CPU of the main thread from frame to frame, ms")
    tell("at most 8 the 99th of 100", found)


def gallery(few, many):
    print("all of a ticket's photos scrolled through: our own CPU of the main thread in a frame, ms")
    found, used = act("gallery", many, SIZE)
    for kind, words in ("slow", "33 pixels a frame"), ("fast", "770 pixels a frame"), ("jump", "to a far place"):
        tell(words, found[kind])
    tell("slow and fast; at most 8 the 99th of 100", found["slow"] + found["fast"])
    less = act("gallery", few, SIZE)[1]
    print(f"memory in use then: {less:.1f} MiB with {FEW}, {used:.1f} MiB with {MANY}: {used / less:.2f} x")


def main():
    with tempfile.TemporaryDirectory() as top:
        os.environ.update(GSK_RENDERER="cairo", GTK_A11Y="none", GDK_BACKEND="x11", LC_ALL="C.UTF-8", XDG_RUNTIME_DIR=top,
                          XDG_CONFIG_HOME=top, XDG_CACHE_HOME=top, GSETTINGS_BACKEND="memory",
                          DBUS_SESSION_BUS_ADDRESS="disabled:")
        pictures = []
        for n in range(MANY):
            pictures.append(f"{top}/{n}.jpg")
            with open(pictures[-1], "wb") as file:
                file.write(sample_photo.make(n, 480, 360))
        hub = Hub(HUB, CTL, f"{top}/hub", 400)
        try:
            imports(top, [make_store(hub, f"{top}/store{i}", i, []) for i in range(ROUNDS)])
            gallery(make_store(hub, f"{top}/few", ROUNDS, pictures[:FEW]),
                    make_store(hub, f"{top}/many", ROUNDS + 1, pictures))
        finally:
            hub.close()


main()
