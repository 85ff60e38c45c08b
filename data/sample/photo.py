#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""photo.py FILE [--seed N] [--width W] [--height H] [--noise BITS]: a made-up picture of a hole in a road.

The same seed gives the same bytes. The JPEG is baseline, 4:4:4, with Huffman tables that hold only what is
used here: blocks of one colour, and on demand noise, which makes a large file of a small picture."""
import argparse
import random
import struct

DC_SIZES = list(range(12))
AC_SYMBOLS = [0x00, 0x01, 0x02, 0x03, 0x04]  # the end of a block; no zero before a value of 1 to 4 bits
CODE_BITS = 4
NOISY_COEFFICIENTS = 12
SKY, ROAD, HOLE, LINE = (170, 130, 110), (110, 128, 128), (45, 126, 130), (225, 122, 132)


class Bits:
    def __init__(self):
        self.out, self.value, self.count = bytearray(), 0, 0

    def put(self, value, count):
        self.value = self.value << count | value
        self.count += count
        while self.count >= 8:
            self.count -= 8
            byte = self.value >> self.count & 0xFF
            self.out.append(byte)
            if byte == 0xFF:
                self.out.append(0)
        self.value &= (1 << self.count) - 1

    def end(self):
        if self.count:
            self.put((1 << 8 - self.count) - 1, 8 - self.count)
        return bytes(self.out)


def put_number(bits, symbols, number):
    """A value's size by its Huffman code, then its bits."""
    size = abs(number).bit_length()
    bits.put(symbols.index(size), CODE_BITS)
    if size:
        bits.put(number if number > 0 else number + (1 << size) - 1, size)


def segment(marker, body):
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def huffman_table(kind, symbols):
    lengths = [0] * 16
    lengths[CODE_BITS - 1] = len(symbols)
    return segment(0xC4, bytes([kind]) + bytes(lengths) + bytes(symbols))


def colour_at(x, y, columns, rows):
    if y < rows * 0.4:
        return SKY
    if ((x - columns * 0.6) / (columns * 0.18)) ** 2 + ((y - rows * 0.75) / (rows * 0.11)) ** 2 < 1:
        return HOLE
    if abs(x - columns * 0.3) < columns * 0.02 and y // 4 % 2:
        return LINE
    return ROAD


def make(seed=1, width=640, height=480, noise=0):
    rng = random.Random(seed)
    columns, rows = (width + 7) // 8, (height + 7) // 8
    bits, last = Bits(), [0, 0, 0]
    for y in range(rows):
        for x in range(columns):
            colour = colour_at(x, y, columns, rows)
            for part in range(3):
                # With a quantiser of 8 a step of the first coefficient is a step of brightness.
                level = colour[part] - 128 + (rng.randrange(-6, 7) if part == 0 else 0)
                put_number(bits, DC_SIZES, level - last[part])
                last[part] = level
                if noise and part == 0:
                    for _ in range(NOISY_COEFFICIENTS):
                        value = rng.randrange(1, 1 << noise)
                        put_number(bits, AC_SYMBOLS, value if rng.random() < 0.5 else -value)
                bits.put(AC_SYMBOLS.index(0), CODE_BITS)
    frame = struct.pack(">BHHB", 8, height, width, 3) + b"".join(bytes([i, 0x11, 0]) for i in (1, 2, 3))
    scan = b"\x03" + b"".join(bytes([i, 0]) for i in (1, 2, 3)) + b"\x00\x3f\x00"
    return (b"\xff\xd8" + segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0") + segment(0xDB, b"\0" + bytes([8] * 64))
            + segment(0xC0, frame) + huffman_table(0x00, DC_SIZES) + huffman_table(0x10, AC_SYMBOLS)
            + segment(0xDA, scan) + bits.end() + b"\xff\xd9")


def main():
    parser = argparse.ArgumentParser(description="a made-up picture of a hole in a road")
    parser.add_argument("file")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--width", type=int, default=640)
    parser.add_argument("--height", type=int, default=480)
    parser.add_argument("--noise", type=int, default=0, choices=range(5), help="bits of noise")
    given = parser.parse_args()
    with open(given.file, "wb") as out:
        out.write(make(given.seed, given.width, given.height, given.noise))


if __name__ == "__main__":
    main()
