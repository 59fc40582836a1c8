"""Networks as data, in PyTorch, for what is recorded beside this file."""

import math

import torch
import torch.nn.functional as F


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
    """Nodes as the contract describes them. Weights that are not given follow a formula."""

    def __init__(self, nodes, classes):
        self.nodes, self.classes, self.weights, self.state = nodes, classes, {}, {}

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
            units = self.classes if node["units"] == "classes" else node["units"]
            weight = self.weight(f"{name}.weight", [units, x.shape[1]])
            return F.linear(x, weight, self.weight(f"{name}.bias", [units]) if node.get("bias", True) else None)
        if kind == "batchNorm":
            channels = [x.shape[1]]
            weight, bias = self.weight(f"{name}.weight", channels), self.weight(f"{name}.bias", channels)
            mean = self.state.setdefault(f"{name}.running_mean", torch.full(channels, 0.25, dtype=torch.float64))
            variance = self.state.setdefault(f"{name}.running_var", torch.full(channels, 1.5, dtype=torch.float64))
            momentum, epsilon = node.get("momentum", 0.1), node.get("epsilon", 1e-5)
            return F.batch_norm(x, mean, variance, weight, bias, training, momentum, epsilon)
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
            "leakyRelu": lambda v: F.leaky_relu(v, node.get("negativeSlope", 0.01)),
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
