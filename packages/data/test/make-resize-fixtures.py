"""Writes fixtures/pillow-bilinear.json, pillow-filters.json and opencv-linear.json: noise of several sizes as Pillow's filters and
OpenCV's INTER_LINEAR resize it.

python test/make-resize-fixtures.py    with pillow, numpy and opencv-python-headless installed
"""
import base64
import json
from pathlib import Path

import cv2
import numpy
import PIL
from PIL import Image

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


def interpolated(source, target):
    width, height = source
    pixels = numpy.frombuffer(noise(*source), numpy.uint8).reshape(height, width, 3)
    return {"from": source, "to": target, "rgb": base64.b64encode(cv2.resize(pixels, target).tobytes()).decode()}


def write(name, library, version, cases):
    lines = ",\n".join(json.dumps(case) for case in cases)
    fixture = Path(__file__).parent / "fixtures" / name
    fixture.write_text(f'{{"{library}": "{version}", "cases": [\n{lines}\n]}}\n')


pairs = [(source, target) for source in SOURCES for target in TARGETS] + FURTHER
write("pillow-bilinear.json", "pillow", PIL.__version__, [resized(*pair) for pair in pairs])
few = [((31, 17), (8, 8)), ((7, 5), (16, 9)), ((64, 48), (33, 17)), ((150, 113), (16, 16))]
write("pillow-filters.json", "pillow", PIL.__version__, [
    {"filter": name, **resized(*pair, name)} for name in ["bicubic", "lanczos", "nearest"] for pair in few
])
write("opencv-linear.json", "opencv", cv2.__version__, [interpolated(*pair) for pair in [*few, ((2, 3), (9, 16)), ((20, 30), (20, 45))]])
