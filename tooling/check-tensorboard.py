"""Has TensorBoard's own reader open what `dlcmp bench --tensorboard DIR` wrote.

Usage: check-tensorboard.py DIR
"""

import sys
from pathlib import Path

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

TAGS = {"trial/trainSeconds", "trial/accuracyPercent", "trial/latencyP99Ms"}
EPOCH_TAGS = {"epoch/train_loss", "epoch/test_accuracy"}

folders = sorted(path for path in Path(sys.argv[1]).iterdir() if path.is_dir())
assert folders, f"{sys.argv[1]} holds no trials."
for folder in folders:
    events = EventAccumulator(str(folder)).Reload()
    wanted = TAGS if folder.name.startswith("baseline-rf") else TAGS | EPOCH_TAGS
    missing = wanted - set(events.Tags()["scalars"])
    assert not missing, f"TensorBoard finds no {missing} in {folder}."
    print(f"{folder.name}: {len(events.Tags()['scalars'])} scalars read by TensorBoard")
