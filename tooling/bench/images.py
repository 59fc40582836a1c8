"""The images of a bench and the loop of turns, for the contenders in Python. See contender.mjs."""

import json
import sys
from types import SimpleNamespace

import numpy as np

CHANNEL_MEAN = np.array([0.485, 0.456, 0.406], np.float32)
CHANNEL_DEVIATION = np.array([0.229, 0.224, 0.225], np.float32)

settings = SimpleNamespace(**json.loads(sys.argv[1]))
pixels = np.fromfile(settings.path, np.uint8).reshape(-1, settings.side, settings.side, 3)
labels = np.fromfile(f"{settings.path}.labels", np.int32)


def serve(versions, phases):
    """Prints the versions, and then the seconds that each phase takes when it is asked for."""
    print(versions, flush=True)
    for line in sys.stdin:
        phase, batches = line.split()
        count = min(int(batches) * settings.batchSize, len(pixels))
        print(phases[phase](count), flush=True)
