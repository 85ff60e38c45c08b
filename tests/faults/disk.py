# SPDX-License-Identifier: GPL-3.0-or-later
"""What lies on a disk after the power was lost, made from the journal that faults.so keeps. One shift is recorded once; each
loss is made from the record, and the same one can be made again."""
import os
import struct

from preload import KINDS

RECORD = struct.Struct("<IIQQQ")
FOLDER = 0x100
NOTES = 0x200  # what the tests themselves write into the journal
WRITE, CUT, SYNC, RENAME, UNLINK, MAKE = (KINDS.index(kind) for kind in ("write", "cut", "sync", "rename", "unlink", "make"))
SECTOR = 512


def read_journal(path):
    """(type, path, inode, offset or size, bytes), in the order in which it was done."""
    with open(path, "rb") as file:
        data = file.read()
    at, events = 0, []
    while at < len(data):
        kind, path_length, inode, offset, length = RECORD.unpack_from(data, at)
        at += RECORD.size
        name = data[at:at + path_length].decode()
        at += path_length
        # A size that was cut to comes without bytes.
        events.append((kind, name, inode, offset, data[at:at + length]))
        at += length
    return events


def append_notes(path, text):
    data = text.encode()
    with open(path, "ab") as file:
        file.write(RECORD.pack(NOTES, 0, 0, 0, len(data)) + data)


class Tree:
    """Files and folders by name, with what the files hold; all of it is safe."""

    def __init__(self, folder):
        self.names, self.files = {}, {}
        for where, folders, files in os.walk(folder):
            for name in folders:
                self.names[os.path.join(where, name)] = None
            for name in set(files) - {"reserve"}:
                path = os.path.join(where, name)
                inode = os.stat(path).st_ino
                with open(path, "rb") as file:
                    self.files[inode] = bytearray(file.read())
                self.names[path] = inode


class Disk:
    """A tree and what was done to it since, some of which is safe and the rest waits."""

    def __init__(self, tree):
        self.names = dict(tree.names)
        self.now = dict(tree.names)  # as the programs see it
        self.files = {inode: bytearray(data) for inode, data in tree.files.items()}
        self.waiting = []

    def take(self, event):
        kind, path, inode, _, data = event
        if kind == RENAME:
            # which file it is that gets the name, whether or not its first name was ever safe
            event = (kind, path, self.now.get(path), 0, data)
        follow(self.now, event)
        if kind == SYNC:
            self.make_safe(lambda one: one[0] in (WRITE, CUT) and one[2] == inode)
        elif kind == SYNC | FOLDER:
            self.make_safe(lambda one: one[0] not in (WRITE, CUT) and path in folders_of(one))
        elif kind != NOTES:
            self.waiting.append(event)

    def make_safe(self, is_meant):
        meant = [one for one in self.waiting if is_meant(one)]
        self.waiting = [one for one in self.waiting if not is_meant(one)]
        for one in meant:
            self.apply(one)
            if one[0] == RENAME:
                self.waiting = [other for other in self.waiting if other[0] != MAKE or other[1:3] != one[1:3]]

    def apply(self, event):
        kind, _, inode, at, data = event
        if kind == WRITE:
            put(self.files.setdefault(inode, bytearray()), at, data)
        elif kind == CUT:
            held = self.files.setdefault(inode, bytearray())
            del held[at:]
            held.extend(bytes(at - len(held)))
        else:
            follow(self.names, event)

    def lose(self, machine, how, rng):
        """The power goes on this machine; the others' disks hold all. How much arrived of what was not synced: nothing,
        some (in its order up to a point), torn (all names, and of the bytes some sectors), names (all of them, no bytes)."""
        waiting, self.waiting = self.waiting, []
        mine = [one for one in waiting if one[1].startswith(machine + "/")]
        arrived = {"nothing": [], "some": mine[:rng.randint(0, len(mine))],
                   "torn": [one for whole in mine for one in torn(whole, rng)],
                   "names": [one for one in mine if one[0] not in (WRITE, CUT)]}[how]
        lost = set(map(id, mine))
        for one in [one for one in waiting if id(one) not in lost] + arrived:
            self.apply(one)
        return len(mine) > 0

    def write_to(self, folder, base):
        """The tree as it is now, in another place."""
        for path in sorted(self.names):
            to = os.path.join(folder, os.path.relpath(path, base))
            inode = self.names[path]
            # What lies in a folder whose name was lost is lost with it.
            if not os.path.isdir(os.path.dirname(to)):
                continue
            if inode is None:
                os.makedirs(to, exist_ok=True)
                continue
            with open(to, "wb") as file:
                file.write(self.files.get(inode, b""))


def follow(names, event):
    """What an event does to the names of files."""
    kind, path, inode, _, data = event
    if kind == RENAME:
        names.pop(path, None)
        names[data.decode()] = inode
    elif kind == UNLINK:
        names.pop(path, None)
    elif kind == MAKE | FOLDER:
        names[path] = None
    elif kind == MAKE:
        names[path] = inode


def folders_of(event):
    """In which folders a name has to be synced: for one that was given anew where it is now."""
    return {os.path.dirname(event[4].decode() if event[0] == RENAME else event[1])}


def put(held, at, data):
    if at > len(held):
        held.extend(bytes(at - len(held)))
    held[at:at + len(data)] = data


def torn(event, rng):
    kind, path, inode, at, data = event
    if kind == CUT:
        return [event] if rng.random() < 0.5 else []
    if kind != WRITE:
        return [event]
    return [(kind, path, inode, at + i, data[i:i + SECTOR]) for i in range(0, len(data), SECTOR) if rng.random() < 0.5]
