"""Writes fixtures/pillow-bilinear.json and fixtures/pillow-filters.json: noise of several sizes as Pillow's filters resize it.

python test/make-pillow-fixture.py    with Pillow installed
"""
import base64
import json
from pathlib import Path

from PIL import Image, __version__

SOURCES = [(1, 1), (2, 3), (7, 5), (31, 17), (64, 48), (150, 113)]
TARGETS = [(1, 1), (5, 3), (8, 8), (16, 9), (33, 17)]
# One side stays, one grows while the other shrinks, steep reductions, and what photographs come to.
FURTHER = [
    ((20, 30), (20, 45)), ((20, 30), (33, 30)), ((16, 12), (32, 6)), ((7, 5), (3, 40)), ((30, 20), (31, 19)),
    ((200, 150), (8, 8)), ((5, 299), (6, 3)), ((400, 3), (4, 9)), ((3, 400), (9, 4)), ((150, 150), (64, 64)),
    ((113, 150), (40, 40)), ((149, 151), (50, 50)),
]


def noise(width, height):
    """The bytes that `noise` of resize-image.test.ts draws."""
    state = width * 1000 + height
    drawn = bytearray()
    for _ in range(width * height * 3):
        state = (state * 1103515245 + 12345) % 2**31
        drawn.append(state >> 16 & 255)
    return bytes(drawn)


def resized(source, target, name="bilinear"):
    image = Image.frombytes("RGB", source, noise(*source)).resize(target, Image.Resampling[name.upper()])
    return {"from": source, "to": target, "rgb": base64.b64encode(image.tobytes()).decode()}


def write(name, cases):
    lines = ",\n".join(json.dumps(case) for case in cases)
    fixture = Path(__file__).parent / "fixtures" / name
    fixture.write_text(f'{{"pillow": "{__version__}", "cases": [\n{lines}\n]}}\n')


pairs = [(source, target) for source in SOURCES for target in TARGETS] + FURTHER
write("pillow-bilinear.json", [resized(*pair) for pair in pairs])
few = [((31, 17), (8, 8)), ((7, 5), (16, 9)), ((64, 48), (33, 17)), ((150, 113), (16, 16))]
write("pillow-filters.json", [
    {"filter": name, **resized(*pair, name)} for name in ["bicubic", "lanczos", "nearest"] for pair in few
])
