#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Orca, as it is installed, but that its log is written line by line: a test waits for what it says."""

import builtins
import runpy
import shutil
import sys

plain_open = builtins.open


def open_by_line(file, mode="r", buffering=-1, *rest, **more):
    by_line = "w" in mode and "b" not in mode and buffering == -1
    return plain_open(file, mode, 1 if by_line else buffering, *rest, **more)


builtins.open = open_by_line
sys.argv[0] = shutil.which("orca")
runpy.run_path(sys.argv[0], run_name="__main__")
