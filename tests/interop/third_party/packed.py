# SPDX-License-Identifier: GPL-3.0-or-later
"""Packed pages, unpacked as chapter 5 of app/PROTOCOL.md says. Only Zstandard itself, which Python has not got, is
the system's library."""
import ctypes
import uuid

TEXT, TIMES, NUMBERS, AGAIN, RANDOM = range(5)


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


def difference(number):
    return -(number + 1) // 2 if number % 2 else number // 2


def unpack(body):
    content = Stream(zstd_content(body))
    sizes = [content.number() for _ in range(5)]
    streams = [Stream(content.take(size)) for size in sizes]
    recent, last, ids, out = [0] * 16, {}, [], bytearray()

    def time():
        told = streams[TIMES].number()
        value = recent.pop(told) if told < 16 else recent[0] + difference(told - 16)
        recent.insert(0, value)
        del recent[16:]
        return value

    def new_id():
        ids.append(str(uuid.UUID(bytes=time().to_bytes(6, "big") + streams[RANDOM].take(10))))
        return ids[-1]

    def number():
        digits, = streams[NUMBERS].take(1)
        last[digits] = last.get(digits, 0) + difference(streams[NUMBERS].number())
        return str(last[digits])

    lifted = {1: new_id, 2: lambda: ids[-streams[AGAIN].number()], 3: lambda: streams[RANDOM].take(8).hex(),
              4: lambda: str(time()), 5: number}
    for byte in streams[TEXT].data:
        if byte in lifted:
            out += lifted[byte]().encode()
        else:
            out.append(byte)
    if any(stream.at < len(stream.data) for stream in streams[1:]):
        raise ValueError("a stream is too long")
    return bytes(out)
