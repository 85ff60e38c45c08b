# SPDX-License-Identifier: GPL-3.0-or-later
"""How a test steers faults.so: the environment of a program, and the tally that all processes of one machine share."""
import mmap
import os
import struct

KINDS = ("write", "cut", "sync", "rename", "unlink", "make", "send")
LIBRARY = os.environ.get("SHETACH_FAULTS_LIBRARY", "")


class Tally:
    """What was called so far by the programs that have this file, counted by kind."""

    FORMAT = f"<{len(KINDS) + 3}Q"

    def __init__(self, path, calls=None):
        self.path = path
        with open(path, "wb") as file:
            file.write(struct.pack(self.FORMAT, *[(calls or {}).get(kind, 0) for kind in KINDS], 0, 0, 0))
        with open(path, "r+b") as file:
            self.shared = mmap.mmap(file.fileno(), 0)

    def numbers(self):
        return struct.unpack(self.FORMAT, self.shared[:])

    @property
    def calls(self):
        return dict(zip(KINDS, self.numbers()))

    @property
    def fired(self):
        return self.numbers()[len(KINDS)]

    @property
    def written(self):
        return self.numbers()[len(KINDS) + 1]

    def give_room(self, room):
        """The disk is full after so many bytes more; 0 for never."""
        at = struct.calcsize(f"<{len(KINDS) + 2}Q")
        self.shared[at:at + 8] = struct.pack("<Q", room + self.written if room else 0)

    def close(self):
        self.shared.close()


def environment(folder, tally=None, fault=None, journal=None):
    """For a program whose files lie in this folder."""
    env = {"LD_PRELOAD": LIBRARY, "SHETACH_FAULTS_UNDER": folder, "SHETACH_FAULTS_SAME": "1"}
    for name, value in (("SHETACH_FAULTS_TALLY", tally and tally.path), ("SHETACH_FAULT", fault),
                        ("SHETACH_FAULTS_JOURNAL", journal)):
        if value:
            env[name] = value
    return env
