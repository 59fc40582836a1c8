"""Processor seconds in which Pillow brings images to pixels: decode_pillow.py SIDE < paths, one a line."""
import sys
import time

import numpy
from PIL import Image, ImageOps, UnidentifiedImageError

side = int(sys.argv[1])
paths = sys.stdin.read().splitlines()
start = time.process_time()
pixels = numpy.empty((len(paths), side, side, 3), numpy.uint8)
for index, path in enumerate(paths):
    try:
        image = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
    except (OSError, UnidentifiedImageError):
        continue
    if image.size != (side, side):
        image = image.resize((side, side), Image.Resampling.BILINEAR)
    pixels[index] = numpy.asarray(image)
print(time.process_time() - start)
