"""Writes fixtures/random.json: the contract's random numbers, worked out a second time.

Written from the definitions (MurmurHash3's 32-bit mixing by Appleby, xoroshiro128+ 1.0 by Blackman
and Vigna in 64-bit arithmetic), not from the TypeScript. Run with Python 3:

    python3 make-random-fixture.py
"""

import json
from pathlib import Path

MASK_32, MASK_64 = 2**32 - 1, 2**64 - 1


def rotate(value, by, bits):
    return ((value << by) | (value >> (bits - by))) & ((1 << bits) - 1)


def murmur3(words):
    digest = 0
    for word in words:
        mixed = rotate(word * 0xCC9E2D51 & MASK_32, 15, 32) * 0x1B873593 & MASK_32
        digest = (rotate(digest ^ mixed, 13, 32) * 5 + 0xE6546B64) & MASK_32
    digest = (digest ^ digest >> 16) * 0x85EBCA6B & MASK_32
    digest = (digest ^ digest >> 13) * 0xC2B2AE35 & MASK_32
    return digest ^ digest >> 16


class Generator:
    """xoroshiro128+ for one purpose; draws are the low 32 bits, the first 16 are discarded."""

    def __init__(self, seed, purpose, *indices):
        digest = murmur3([seed, *map(ord, purpose), *indices])
        self.first = MASK_32 << 32 | (~digest & MASK_32)
        self.second = digest << 32
        for _ in range(16):
            self.next()

    def next(self):
        draw = (self.first + self.second) & MASK_32
        mixed = self.first ^ self.second
        self.first = rotate(self.first, 24, 64) ^ mixed ^ (mixed << 16 & MASK_64)
        self.second = rotate(mixed, 37, 64)
        return draw

    def uniform(self):
        return (self.next() >> 8) / 2**24

    def integer(self, bound):
        limit = 2**32 - 2**32 % bound
        while (draw := self.next()) >= limit:
            pass
        return draw % bound


def permutation(generator, count):
    order = list(range(count))
    for last in range(count - 1, 0, -1):
        other = generator.integer(last + 1)
        order[last], order[other] = order[other], order[last]
    return order


def bernoulli(generator, count, probability):
    return [int(generator.uniform() < probability) for _ in range(count)]


def fixture(seed):
    draws = Generator(seed, "order", 1)
    weights = Generator(seed, "initial-weights/conv1.weight")
    return {
        "seed": seed,
        "draws": [draws.next() for _ in range(5)],
        "epochOrders": [permutation(Generator(seed, "order", epoch), 10) for epoch in (1, 2)],
        "epochFlips": [bernoulli(Generator(seed, "flips", epoch), 10, 0.5) for epoch in (1, 2)],
        # Ten images in batches of four, six hidden units, rate 0.25: the last batch holds two.
        "dropoutKeep": [
            bernoulli(Generator(seed, "dropout", 2, step), size * 6, 0.75)
            for step, size in enumerate((4, 4, 2))
        ],
        # Uniform in ±1/√27, three channels under a 3×3 kernel.
        "conv1Weights": [(2 * weights.uniform() - 1) / 27**0.5 for _ in range(5)],
    }


path = Path(__file__).parent / "fixtures" / "random.json"
path.parent.mkdir(exist_ok=True)
path.write_text(json.dumps([fixture(seed) for seed in (0, 42, 2**32 - 1)]) + "\n")
