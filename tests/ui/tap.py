# SPDX-License-Identifier: GPL-3.0-or-later
"""Test points for a window that goes through several of them: the first that fails ends the test."""

import contextlib
import shutil
import sys
import traceback


def need(*programs):
    """The whole test is skipped where one of these is not installed."""
    missing = [program for program in programs if shutil.which(program) is None]
    if missing:
        skip("no " + ", ".join(missing))


def skip(why):
    print(f"1..0 # SKIP {why}")
    sys.exit(0)


class Tap:
    def __init__(self):
        self.points = 0

    @contextlib.contextmanager
    def point(self, name, hands=None):
        """A part that passes when nothing is raised in it; else a worker's hands tell what they saw."""
        self.points += 1
        try:
            yield
        except Exception:  # whatever goes wrong in a part is that part's failure
            for line in traceback.format_exc().splitlines():
                print("#", line)
            if hands is not None:
                hands.tell()
            print(f"not ok {self.points} - {name}", flush=True)
            self.end()
            sys.exit(1)
        print(f"ok {self.points} - {name}", flush=True)

    @staticmethod
    def tell(text):
        print("#", text, flush=True)

    def end(self):
        print(f"1..{self.points}", flush=True)
