"""Records image-changes.json: what torchvision makes of images.

Run with Python 3, torch and torchvision installed: python3 record-image-changes.py
"""

import json
from pathlib import Path

import torch
from torchvision.transforms import InterpolationMode
from torchvision.transforms import functional as F

CHANGES = [
    dict(top=0, left=0, height=8, width=6, flip=False, brightness=1.0, contrast=1.0),
    dict(top=2, left=1, height=5, width=4, flip=False, brightness=1.0, contrast=1.0),
    dict(top=1, left=2, height=3, width=3, flip=True, brightness=1.15, contrast=1.0),
    dict(top=0, left=1, height=7, width=5, flip=True, brightness=0.85, contrast=1.2),
    dict(top=3, left=0, height=4, width=6, flip=False, brightness=1.2, contrast=0.8),
]

torch.manual_seed(2)
pixels = torch.randint(256, (8, 6, 3), dtype=torch.uint8)
image = pixels.permute(2, 0, 1).float() / 255


def changed(top, left, height, width, flip, brightness, contrast):
    part = F.resized_crop(image, top, left, height, width, [8, 6], InterpolationMode.BILINEAR, antialias=False)
    part = F.hflip(part) if flip else part
    lit = F.adjust_contrast(F.adjust_brightness(part, brightness), contrast)
    return (lit.permute(1, 2, 0) * 255).flatten().tolist()


cases = [{"change": change, "values": changed(**change)} for change in CHANGES]
recorded = {"height": 8, "width": 6, "pixels": pixels.flatten().tolist(), "cases": cases}
path = Path(__file__).parent / "fixtures" / "image-changes.json"
path.write_text(json.dumps(recorded, separators=(",", ":")) + "\n")
