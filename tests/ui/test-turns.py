#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test-turns.py BUILD [TURNS]: each page is turned to 200 times, or so often, and as many tickets are opened: the
widgets that were made are gone, and there are no more of them than after the first tenth of the turns. Where the allocator tells
(not under a sanitizer), memory in use has not grown either, once each ticket has been seen."""

import os
import signal
import sqlite3
import statistics
import sys

import tap

tap.need("Xvfb", "dbus-daemon", "gdbus")
try:
    from hands import Hands
    from harness import Desk, Failed, choose, wait_for
except (ImportError, ValueError) as missing:
    tap.skip(missing)

# What GTK and libadwaita keep for a while, and rows that stand by: not more for each turn.
SLACK = 60
# Pictures, words and answers that are kept for a while come and go by some 0.4 MB; a leak of 10 KiB a turn is more than this.
SLACK_BYTES = 1 << 20
TICKETS = 30


def counts(path):
    """What tests/ui/turn-pages.c has counted: the turn, all widgets, bytes, and widgets by kind."""
    found = []
    with open(path, encoding="utf-8") as file:
        for line in file:
            words = line.split()
            if words[0] == "turn":
                found.append((int(words[1]), int(words[2]), int(words[3]), {}))
            else:
                found[-1][3][words[0]] = int(words[1])
    return found


def main(build, turns="200"):
    check = tap.Tap()
    desk = Desk(build)
    try:
        store = desk.make_store()
        report = os.path.join(desk.folder, "turns")
        with sqlite3.connect(os.path.join(store, "store.db")) as db:
            tickets = ",".join(row[0] for row in db.execute("SELECT id FROM ticket ORDER BY open DESC, due_at LIMIT ?",
                                                         (TICKETS,)))
        choose(store, page="work", ticket="")
        hands = Hands(desk, store, "he")
        os.environ.update(SHETACH_REPORT=report, SHETACH_TURNS=turns, SHETACH_TICKETS=tickets)
        with check.point(f"widgets are gone after {turns} turns", hands):
            with open(hands.log, "a", encoding="utf-8") as log:
                hands.process, hands.window = desk.open(store, "--hebrew", stderr=log, env={
                    **os.environ, "LD_PRELOAD": os.path.join(desk.build, "tests/ui/libturn-pages.so"),
                    "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0:detect_leaks=0"})
            wait_for("the cards", hands.cards)
            hands.process.send_signal(signal.SIGUSR2)
            wait_for("the turns to end", lambda: os.path.exists(report), 900)
            found = counts(report)
            (first, before, _, kinds_before), (last, after, _, kinds) = found[0], found[-1]
            check.tell(f"{before} widgets after {first} turns, {after} after {last}")
            more = sorted(((n - kinds_before.get(kind, 0), kind) for kind, n in kinds.items()), reverse=True)[:12]
            if after > before + SLACK:
                raise Failed(f"more of {more}")
            hands.check_log()
        # each ticket has been opened twice by then
        used = [count for turn, _, count, _ in found if turn >= 2 * TICKETS]
        if found[-1][2] > 0 and len(used) >= 6:
            with check.point(f"no memory is lost over {turns} turns", hands):
                half = len(used) // 2
                earlier, later = statistics.median(used[:half]), statistics.median(used[-half:])
                check.tell(f"{earlier / 2 ** 20:.2f} MiB in use in the earlier half of the turns, {later / 2 ** 20:.2f} in the later")
                if later > earlier + SLACK_BYTES:
                    raise Failed(f"MiB in use: {', '.join(f'{count / 2 ** 20:.2f}' for count in used)}")
    finally:
        desk.close()
    check.end()


main(*sys.argv[1:])
