# SPDX-License-Identifier: GPL-3.0-or-later
"""Packed pages, unpacked as chapter 5 of app/PROTOCOL.md says. Only Zstandard itself, which Python has not got, is
the system's library."""
import ctypes
import uuid

TEXT, TIMES, NUMBERS, AGAIN, BITS = range(5)


def zstd_content(frame):
    zstd = ctypes.CDLL("libzstd.so.1")
    zstd.ZSTD_getFrameContentSize.restype = ctypes.c_ulonglong
    zstd.ZSTD_decompress.restype = ctypes.c_size_t
    size = zstd.ZSTD_getFrameContentSize(frame, ctypes.c_size_t(len(frame)))
    content = ctypes.create_string_buffer(size)
    if zstd.ZSTD_decompress(content, ctypes.c_size_t(size), frame, ctypes.c_size_t(len(frame))) != size:
        raise ValueError("not a whole frame")
    return content.raw


class Stream:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, n):
        if self.at + n > len(self.data):
            raise ValueError("a stream is too short")
        self.at += n
        return self.data[self.at - n:self.at]

    def number(self):
        value = shift = 0
        while True:
            byte, = self.take(1)
            value |= (byte & 0x7f) << shift
            shift += 7
            if byte < 0x80:
                return value


class Bits(Stream):
    def __init__(self, data):
        super().__init__(data)
        self.held = self.n_held = 0

    def bits(self, n):
        while self.n_held < n:
            self.held = self.held << 8 | self.take(1)[0]
            self.n_held += 8
        self.n_held -= n
        value = self.held >> self.n_held
        self.held &= (1 << self.n_held) - 1
        return value


def difference(number):
    return -(number + 1) // 2 if number % 2 else number // 2


def unpack(body):
    content = Stream(zstd_content(body))
    sizes = [content.number() for _ in range(5)]
    streams = [(Bits if i == BITS else Stream)(content.take(size)) for i, size in enumerate(sizes)]
    recent, last, ids, out = [0] * 16, {}, [], bytearray()
    bits = streams[BITS].bits

    def time():
        told, = streams[TIMES].take(1)
        if told < 16:
            value = recent.pop(told)
        else:
            below = (told - 16) // 2
            distance = 1 << below | bits(below)
            value = recent[0] + (distance if told % 2 == 0 else -distance)
        recent.insert(0, value)
        del recent[16:]
        return value

    def new_id(value):
        ids.append(str(uuid.UUID(int=value)))
        return ids[-1]

    def uuid7():
        return new_id(time() << 80 | 7 << 76 | bits(12) << 64 | 2 << 62 | bits(62))

    def number(digits):
        if digits == 13:
            return str(time())
        last[digits] = last.get(digits, 0) + difference(streams[NUMBERS].number())
        return str(last[digits])

    lifted = {1: uuid7, 2: lambda: new_id(bits(128)), 3: lambda: ids[-streams[AGAIN].number()],
              4: lambda: f"{bits(64):016x}"}
    for byte in streams[TEXT].data:
        if byte in lifted:
            out += lifted[byte]().encode()
        elif 20 <= byte <= 31:
            out += number(byte - 16).encode()
        else:
            out.append(byte)
    if any(stream.at < len(stream.data) for stream in streams[1:]):
        raise ValueError("a stream is too long")
    return bytes(out)
