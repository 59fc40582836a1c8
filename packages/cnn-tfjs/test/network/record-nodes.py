"""Records what PyTorch computes, in float64, for small networks of every node type: pytorch-nodes.json beside this file.

Needs torch (any current version). Run: python record-nodes.py
Inputs and weights follow formulas that recorded-nodes.test.ts repeats.
"""

import json
import math
from pathlib import Path

import torch
import torch.nn.functional as F

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


def pair(value):
    return list(value) if isinstance(value, (list, tuple)) else [value, value]


def sides(node, shape, stride):
    padding = node.get("padding", 0)
    kernel, dilation = pair(node["kernelSize"]), pair(node.get("dilation", 1))
    if isinstance(padding, dict):
        return [padding["left"], padding["right"], padding["top"], padding["bottom"]]
    if padding == "same":
        result = []
        for axis in (1, 0):
            side, reach = shape[2 + axis], (kernel[axis] - 1) * dilation[axis] + 1
            total = max((math.ceil(side / stride[axis]) - 1) * stride[axis] + reach - side, 0)
            result += [total // 2, total - total // 2]
        return result
    vertical, horizontal = pair(padding)
    return [horizontal, horizontal, vertical, vertical]


def pool(node, x):
    kernel = pair(node["kernelSize"])
    stride = pair(node.get("stride", kernel))
    around = sides(node, x.shape, stride)
    if node["type"] == "maxPool":
        return F.max_pool2d(F.pad(x, around, value=-math.inf), kernel, stride)
    mean = F.avg_pool2d(F.pad(x, around), kernel, stride)
    if node.get("countPadding", True):
        return mean
    return mean / F.avg_pool2d(F.pad(torch.ones_like(x), around), kernel, stride)


class Network:
    def __init__(self, nodes):
        self.nodes, self.weights, self.state = nodes, {}, {}

    def weight(self, name, shape):
        if name not in self.weights:
            number = len(self.weights) + 1
            index = torch.arange(math.prod(shape), dtype=torch.float64)
            value = 0.5 * torch.sin(1.3 * index + number)
            value = value.float().double().reshape(shape).requires_grad_()
            self.weights[name] = value
        return self.weights[name]

    def run(self, x, training):
        values, last = {"image": x}, "image"
        for position, node in enumerate(self.nodes):
            name = node.get("name", f"{node['type']}{position + 1}")
            inputs = [values[given] for given in node.get("inputs", [last])]
            values[name] = self.compute(name, node, inputs, training)
            last = name
        return values[last]

    def compute(self, name, node, inputs, training):
        x, kind = inputs[0], node["type"]
        if kind == "conv2d":
            groups, stride = node.get("groups", 1), pair(node.get("stride", 1))
            shape = [node["channels"], x.shape[1] // groups, *pair(node["kernelSize"])]
            weight = self.weight(f"{name}.weight", shape)
            bias = self.weight(f"{name}.bias", shape[:1]) if node.get("bias", True) else None
            padded = F.pad(x, sides(node, x.shape, stride))
            return F.conv2d(padded, weight, bias, stride, 0, pair(node.get("dilation", 1)), groups)
        if kind == "dense":
            units = CLASSES if node["units"] == "classes" else node["units"]
            weight = self.weight(f"{name}.weight", [units, x.shape[1]])
            return F.linear(x, weight, self.weight(f"{name}.bias", [units]) if node.get("bias", True) else None)
        if kind == "batchNorm":
            channels = [x.shape[1]]
            weight, bias = self.weight(f"{name}.weight", channels), self.weight(f"{name}.bias", channels)
            mean = self.state.setdefault(f"{name}.running_mean", torch.full(channels, 0.25, dtype=torch.float64))
            variance = self.state.setdefault(f"{name}.running_var", torch.full(channels, 1.5, dtype=torch.float64))
            return F.batch_norm(x, mean, variance, weight, bias, training, node["momentum"], node["epsilon"])
        if kind == "dropout":
            rate = node.get("rate", 0.5)
            if not training:
                return x
            keep = (torch.arange(x.numel()) * 5 % 3 != 0).double().reshape(x.shape)
            return x * keep / (1 - rate)
        if kind in ("maxPool", "averagePool"):
            return pool(node, x)
        return {
            "relu": F.relu,
            "relu6": F.relu6,
            "leakyRelu": lambda v: F.leaky_relu(v, node["negativeSlope"]),
            "silu": F.silu,
            "hardSwish": F.hardswish,
            "gelu": lambda v: F.gelu(v, approximate=node.get("approximation", "none")),
            "sigmoid": torch.sigmoid,
            "globalAveragePool": lambda v: v.mean((2, 3), keepdim=True),
            "flatten": lambda v: v.flatten(1),
            "add": lambda a, b: a + b,
            "multiply": lambda a, b: a * b,
            "concat": lambda *all: torch.cat(all, 1),
        }[kind](*inputs)


def rounded(tensor):
    return [float(f"{value:.8g}") for value in tensor.detach().flatten().tolist()]


def record(nodes):
    index = torch.arange(COUNT * HEIGHT * WIDTH * 3)
    pixels = ((index * 37 + 11 * (index // 7)) % 256).double().reshape(COUNT, HEIGHT, WIDTH, 3)
    x = ((pixels / 255 - torch.tensor(MEAN).double()) / torch.tensor(DEVIATION).double()).permute(0, 3, 1, 2)
    network = Network(nodes)
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
