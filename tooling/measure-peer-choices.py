"""
Which choices of a peer's best pay off on this machine: all contenders take turns, each in a process of its own.

    python3 tooling/measure-peer-choices.py pytorch|keras [--device cpu] [--threads 2] [--images 320] [--turns 5]

Trains and predicts as the harness has a peer do it, simple-cnn at 150×150: as it comes, at its best, and at its best with one
choice turned round. For PyTorch a bare loop takes turns in the process of the best: the same model, batches that lie ready, and
nothing of dlcmp's protocol. Prints medians and each one's images/s over those of the best.
"""

import argparse
import dataclasses
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PEERS = Path(__file__).resolve().parents[1] / "peers" / "python"
sys.path.insert(0, str(PEERS))

import numpy as np
from dlcmp_peer import planned_batches, write_safetensors

SIDE, CLASSES, HIDDEN, CHANNELS = 150, 6, 512, (32, 64, 128)
# Choices that mean nothing on a device.
ELSEWHERE = {
    "cpu": ("tries_algorithms", "allows_tf32", "records_graphs", "prepares_batches"),
    "cuda": ("keeps_freed_memory",),
}
KINDS = {"pytorch": "PyTorchPeer", "keras": "KerasPeer"}


def described():
    nodes = []
    for block, channels in enumerate(CHANNELS, 1):
        convolution = {"type": "conv2d", "name": f"conv{block}", "channels": channels}
        nodes.append({**convolution, "kernelSize": 3, "padding": 1})
        nodes += [{"type": "relu"}, {"type": "maxPool", "kernelSize": 2}]
    nodes += [{"type": "flatten"}, {"type": "dense", "name": "fc1", "units": HIDDEN}]
    nodes += [{"type": "relu"}, {"type": "dropout", "name": "dropout", "rate": 0.5}]
    nodes.append({"type": "dense", "name": "fc2", "units": CLASSES})
    return {"schemaVersion": 1, "name": "simple-cnn", "nodes": nodes}


def shapes():
    inputs = 3
    for block, channels in enumerate(CHANNELS, 1):
        yield f"conv{block}", (channels, inputs, 3, 3)
        inputs = channels
    yield "fc1", (HIDDEN, inputs * (SIDE // 8) ** 2)
    yield "fc2", (CLASSES, HIDDEN)


def write_task(folder, count, batch):
    """Everything that the harness hands to a peer, as files in `folder`."""
    drawn = np.random.default_rng(1)
    weights = {}
    for name, shape in shapes():
        bound = np.prod(shape[1:]) ** -0.5
        weights[f"{name}.weight"] = drawn.uniform(-bound, bound, shape)
        weights[f"{name}.bias"] = drawn.uniform(-bound, bound, shape[0])
    write_safetensors(folder / "weights", weights)
    steps = -(-count // batch)
    arrays = {
        "pixels": drawn.integers(0, 256, (count, SIDE, SIDE, 3), np.uint8),
        "labels": drawn.integers(0, CLASSES, count, np.int32),
        "order": drawn.permutation(count).astype(np.uint32),
        "flips": drawn.integers(0, 2, count, np.uint8),
        "mask": drawn.integers(0, 2, (count, HIDDEN), np.uint8),
        "rates": np.full(steps, 1e-3),
    }
    for name, array in arrays.items():
        array.tofile(folder / name)
    return task(folder, count, batch)


def task(folder, count, batch):
    path = {name: str(folder / name) for name in ("labels", "order", "flips", "mask", "rates", "stop")}
    adam = {"kind": "adam", "betas": [0.9, 0.999], "epsilon": 1e-8, "weightDecay": 0}
    plan = {
        "order": path["order"],
        "flips": path["flips"],
        "masks": {"dropout": path["mask"]},
        "learningRates": path["rates"],
        "batchSize": batch,
        "optimizer": adam,
        "gradientClipping": None,
        "labelSmoothing": 0,
    }
    pixels = {"path": str(folder / "pixels"), "offset": 0, "count": count}
    return {"pixels": pixels, "labels": path["labels"], "plan": plan, "stopFile": path["stop"]}


def child(options):
    """Answers each line, `train` or `predict`, with the seconds that it took."""
    folder = Path(options.folder)
    module = __import__(f"{options.framework}_peer")
    chosen = json.loads(options.choices)
    if chosen is not None:
        module.choices = lambda engine, device: module_choices(options.framework)(**chosen)
    peer = getattr(module, KINDS[options.framework])()
    names = [f"class {index}" for index in range(CLASSES)]
    size = {"inputHeight": SIDE, "inputWidth": SIDE, "classNames": names, "seed": 1}
    spec = {**size, "network": described()}
    peer.create(spec, "best", options.device, options.threads, folder / "weights", None)
    params = task(folder, options.images, options.batch)
    actions = {
        "train": lambda: peer.train(params, report_nothing),
        "bare": bare_loop(peer, params) if options.framework == "pytorch" else None,
        "predict": lambda: predict(peer, params["pixels"], folder, options.batch),
    }
    for line in sys.stdin:
        start = time.perf_counter()
        actions[line.strip()]()
        print(time.perf_counter() - start, flush=True)


def report_nothing(step, loss, norm):
    pass


def predict(peer, pixels, folder, batch):
    """As the harness asks: a batch a request."""
    image = SIDE * SIDE * 3
    for first in range(0, pixels["count"], batch):
        count = min(batch, pixels["count"] - first)
        part = {"path": pixels["path"], "offset": first * image, "count": count}
        peer.predict(part, "probabilities", folder / f"answer-{os.getpid()}")


def bare_loop(peer, params):
    """PyTorch alone: batches in memory, one step after the other."""
    import torch
    from pytorch_network import create_optimizer, cross_entropy

    batches = [
        [torch.from_numpy(part) for part in (batch.pixels, batch.labels, batch.masks["dropout"])]
        for batch in planned_batches(params, peer.spec)
    ]
    if peer.device.type == "cuda":
        batches = [[part.pin_memory() for part in batch] for batch in batches]
    optimizer = create_optimizer(list(peer.model.parameters()), params["plan"]["optimizer"], True)
    for group in optimizer.param_groups:
        group["lr"] = 1e-3

    def train():
        peer.model.train()
        losses = []
        for batch in batches:
            pixels, labels, mask = (part.to(peer.device, non_blocking=True) for part in batch)
            optimizer.zero_grad()
            loss = cross_entropy(peer.forward(pixels, {"dropout": mask}), labels.long(), 0)
            loss.backward()
            optimizer.step()
            losses.append(loss.detach())
        torch.stack(losses).cpu()

    return train


def module_choices(framework):
    return __import__(f"{framework}_choices").Choices


def contenders(options):
    """Choices by name; None is the peer's own best."""
    best = __import__(f"{options.framework}_choices").choices("best", options.device)
    found = {"best": best, "as it comes": module_choices(options.framework)()}
    for field in dataclasses.fields(best):
        if field.name in ELSEWHERE[options.device]:
            continue
        value = getattr(best, field.name)
        name = f"{'without' if value else 'with'} {field.name}"
        found[name] = dataclasses.replace(best, **{field.name: not value})
    return {name: dataclasses.asdict(choice) for name, choice in found.items()}


def start(options, choices, folder):
    words = ["--child", "--folder", str(folder), "--choices", json.dumps(choices)]
    words += ["--device", options.device, "--threads", str(options.threads)]
    words += ["--images", str(options.images), "--batch", str(options.batch)]
    command = [sys.executable, __file__, options.framework, *words]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True)


def turn(process, action):
    """Seconds; None where it has ended, as where a choice does not run here."""
    try:
        process.stdin.write(f"{action}\n")
        process.stdin.flush()
    except BrokenPipeError:
        return None
    answer = process.stdout.readline()
    return float(answer) if answer else None


def main(options):
    folder = Path(tempfile.mkdtemp())
    write_task(folder, options.images, options.batch)
    named = contenders(options)
    running = {name: start(options, choices, folder) for name, choices in named.items()}
    for action in ("train", "predict"):
        turns = {name: (process, action) for name, process in running.items()}
        if options.framework == "pytorch" and action == "train":
            turns["bare loop"] = (running["best"], "bare")
        measure(options, turns, action)
    for process in running.values():
        process.kill()


def measure(options, turns, action):
    # The first epoch compiles, tries algorithms and fills caches.
    seconds = {name: [] for name in turns if turn(*turns[name]) is not None}
    for _ in range(options.turns):
        for name in random.sample(list(seconds), len(seconds)):
            seconds[name].append(turn(*turns[name]))
    best = seconds["best"]
    for name in turns:
        if name not in seconds:
            print(f"{action:8} {name:32} does not run")
            continue
        rate = options.images / statistics.median(seconds[name])
        over = statistics.median(best) / statistics.median(seconds[name])
        least = min(best) / min(seconds[name])
        print(f"{action:8} {name:32} {rate:9.1f} images/s  {over:.3f} of best ({least:.3f} by minima)", flush=True)


parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("framework", choices=sorted(KINDS))
parser.add_argument("--device", default="cpu")
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--images", type=int, default=320)
parser.add_argument("--batch", type=int, default=32)
parser.add_argument("--turns", type=int, default=5)
parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
for hidden in ("--folder", "--choices"):
    parser.add_argument(hidden, help=argparse.SUPPRESS)
given = parser.parse_args()
(child if given.child else main)(given)
