"""Records what PyTorch computes, in float64, for small networks of every node type: pytorch-nodes.json beside this file.

Needs torch (any current version). Run: python record-nodes.py
Inputs and weights follow formulas that recorded-nodes.test.ts repeats.
"""

import json
from pathlib import Path

import torch
import torch.nn.functional as F

from described_network import Network

HEIGHT, WIDTH, COUNT, CLASSES = 6, 5, 3, 2
MEAN, DEVIATION = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]


def conv(name, channels, kernel, **options):
    return {"name": name, "type": "conv2d", "channels": channels, "kernelSize": kernel, **options}


HEAD = [{"type": "flatten"}, {"name": "fc", "type": "dense", "units": "classes"}]
FRONT = conv("c", 4, 3, padding=1)


def activation(kind, **options):
    return [FRONT, {"type": kind, **options}, *HEAD]


def pooled(kind, kernel, **options):
    return [FRONT, {"type": kind, "kernelSize": kernel, **options}, *HEAD]


CASES = {
    "conv2d, rectangular": [conv("c", 4, [3, 2], stride=[2, 1], padding=[1, 0]), *HEAD],
    "conv2d, same, stride 2": [conv("c", 4, 3, stride=2, padding="same"), *HEAD],
    "conv2d, sides": [conv("c", 4, 2, padding={"top": 0, "bottom": 2, "left": 1, "right": 0}), *HEAD],
    "conv2d, rows left over": [conv("c", 3, 2, stride=[3, 2], bias=False), *HEAD],
    "conv2d, dilated": [conv("c", 4, 3, dilation=[2, 1], padding=[2, 1]), *HEAD],
    "conv2d, dilated, stride 2": [conv("c", 4, 2, dilation=2, stride=2, padding=1), *HEAD],
    "conv2d, groups": [FRONT, conv("g", 6, 3, groups=2, stride=2, padding=1), *HEAD],
    "conv2d, depthwise": [conv("c", 3, 3, groups=3, stride=2, padding=1), conv("d", 6, 2, groups=3), *HEAD],
    "conv2d, depthwise, same, dilated": [conv("c", 6, 3, groups=3, padding="same", dilation=2), *HEAD],
    "conv2d, depthwise, two strides": [conv("c", 6, 3, groups=3, padding=1, stride=[2, 1]), *HEAD],
    "batchNorm": [
        conv("c", 4, 3, bias=False),
        {"name": "n", "type": "batchNorm", "epsilon": 0.01, "momentum": 0.3},
        {"type": "relu"},
        *HEAD,
    ],
    "relu": activation("relu"),
    "relu6": activation("relu6"),
    "leakyRelu": activation("leakyRelu", negativeSlope=0.2),
    "silu": activation("silu"),
    "hardSwish": activation("hardSwish"),
    "gelu": activation("gelu"),
    "gelu, tanh": activation("gelu", approximation="tanh"),
    "sigmoid": activation("sigmoid"),
    "maxPool": pooled("maxPool", 2),
    "maxPool, padded": pooled("maxPool", 3, stride=2, padding=1),
    "maxPool, same, rectangular": pooled("maxPool", [2, 3], stride=[1, 2], padding="same"),
    "convolution block": [FRONT, {"type": "relu"}, {"type": "maxPool", "kernelSize": 2}, *HEAD],
    "convolution block, other windows": [
        conv("c", 4, 2, padding=1),
        {"type": "relu"},
        {"type": "maxPool", "kernelSize": 3, "stride": 2, "padding": 1},
        *HEAD,
    ],
    "averagePool": pooled("averagePool", 2),
    "averagePool, padded": pooled("averagePool", 3, stride=2, padding=1),
    "averagePool, padding not counted": pooled("averagePool", 3, stride=2, padding=1, countPadding=False),
    "averagePool, same, not counted": pooled("averagePool", 2, padding="same", stride=[2, 1], countPadding=False),
    "squeeze and excite": [
        FRONT,
        {"name": "squeeze", "type": "globalAveragePool"},
        conv("e", 4, 1),
        {"name": "gate", "type": "sigmoid"},
        {"name": "scaled", "type": "multiply", "inputs": ["c", "gate"]},
        {"type": "add", "inputs": ["squeeze", "scaled"]},
        *HEAD,
    ],
    "concat and add": [
        FRONT,
        {**conv("b", 3, 1), "inputs": ["image"]},
        {"name": "both", "type": "concat", "inputs": ["c", "b", "c"]},
        {"name": "twice", "type": "add", "inputs": ["both", "both"]},
        *HEAD,
    ],
    "flatten, behind it relu and dropout": [
        FRONT,
        {"type": "flatten"},
        {"type": "relu"},
        {"name": "left", "type": "dropout", "rate": 0.25},
        {"name": "fc", "type": "dense", "units": "classes", "bias": False},
    ],
    "flatten, read by concat": [
        FRONT,
        {"name": "flat", "type": "flatten"},
        {"name": "fd", "type": "dense", "units": 3},
        {"name": "all", "type": "concat", "inputs": ["flat", "fd"]},
        {"name": "left", "type": "dropout"},
        {"name": "fc", "type": "dense", "units": "classes"},
    ],
    "dropout of images": [FRONT, {"name": "left", "type": "dropout", "rate": 0.4}, *HEAD],
}


def rounded(tensor):
    return [float(f"{value:.8g}") for value in tensor.detach().flatten().tolist()]


def record(nodes):
    index = torch.arange(COUNT * HEIGHT * WIDTH * 3)
    pixels = ((index * 37 + 11 * (index // 7)) % 256).double().reshape(COUNT, HEIGHT, WIDTH, 3)
    x = ((pixels / 255 - torch.tensor(MEAN).double()) / torch.tensor(DEVIATION).double()).permute(0, 3, 1, 2)
    network = Network(nodes, CLASSES)
    labels = torch.arange(COUNT) % CLASSES
    answers = network.run(x, False)
    loss = F.cross_entropy(network.run(x, True), labels, label_smoothing=0.1)
    loss.backward()
    return {
        "nodes": nodes,
        "logits": rounded(answers),
        "loss": loss.item(),
        "gradients": {name: rounded(weight.grad) for name, weight in network.weights.items()},
        "state": {name: rounded(value) for name, value in network.state.items()},
    }


def write(path):
    recorded = {name: record(nodes) for name, nodes in CASES.items()}
    rows = [f"  {json.dumps(name)}: {json.dumps(case)}" for name, case in recorded.items()]
    path.write_text("{\n" + ",\n".join(rows) + "\n}\n")


write(Path(__file__).with_name("pytorch-nodes.json"))
