"""What PyTorch computes for the named networks, for `networks.test.ts` beside it; needs torch, torchvision and safetensors.

    python networks.py NETWORK DESCRIPTION.json DIR [BATCH] [STEPS]

Draws weights, images, labels and dropout masks, and writes into DIR: weights.safetensors (a state dict), pixels.bin, labels.bin
and masks.bin (of each step), logits.bin (eval mode), gradients.safetensors (of the first step) and losses.json (of plain
gradient descent). `resnet-18` and `mobilenet-v2` are torchvision's, anything else is built from the description.
Gradients are computed in float64, everything else in float32.
"""

import json
import pathlib
import sys

import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional

SIZE, CLASSES = 64, 6
LEARNING_RATE = 0.0001
MEAN = torch.tensor([0.485, 0.456, 0.406])
DEVIATION = torch.tensor([0.229, 0.224, 0.225])


class MaskedDropout(nn.Module):
    """Dropout by a mask that the caller sets."""

    def __init__(self, rate):
        super().__init__()
        self.rate, self.mask = rate, None

    def forward(self, x):
        return x * self.mask / (1 - self.rate) if self.training else x


def pair(value):
    return (value, value) if isinstance(value, int) else tuple(value)


def padded(node, x, value=0.0):
    around, kernel, stride = node.get("padding", 0), pair(node["kernelSize"]), pair(node.get("stride", node["kernelSize"]))
    if node["type"] == "conv2d":
        stride = pair(node.get("stride", 1))
    if around == "same":
        totals = [max((-(-side // s) - 1) * s + k - side, 0) for side, k, s in zip(x.shape[2:], kernel, stride)]
        (top, left), (bottom, right) = [t // 2 for t in totals], [t - t // 2 for t in totals]
    else:
        (top, left), (bottom, right) = pair(around), pair(around)
    return functional.pad(x, (left, right, top, bottom), value=value)


class Described(nn.Module):
    """A network by its description, for the types of node that EfficientNet-Lite0 has."""

    def __init__(self, nodes):
        super().__init__()
        self.nodes, channels, previous = [], {"image": 3}, "image"
        for index, given in enumerate(nodes):
            node = {"inputs": [previous], **given}
            name = node.setdefault("name", f"{node['type']}{index + 1}")
            read = channels[node["inputs"][0]]
            channels[name], module = self.module(node, read)
            if module is not None:
                self.register_modules(name, module)
            self.nodes.append((node, module))
            previous = name

    @staticmethod
    def module(node, channels):
        kind = node["type"]
        if kind == "conv2d":
            stride, groups = pair(node.get("stride", 1)), node.get("groups", 1)
            options = dict(stride=stride, groups=groups, bias=node.get("bias", True))
            return node["channels"], nn.Conv2d(channels, node["channels"], pair(node["kernelSize"]), **options)
        if kind == "batchNorm":
            return channels, nn.BatchNorm2d(channels, node.get("epsilon", 1e-5), node.get("momentum", 0.1))
        if kind == "dense":
            return CLASSES, nn.Linear(channels, CLASSES)
        if kind == "dropout":
            return channels, MaskedDropout(node["rate"])
        return channels, None

    def register_modules(self, name, module):
        *path, last = name.split(".")
        place = self
        for part in path:
            if part not in place._modules:
                place.add_module(part, nn.Module())
            place = place._modules[part]
        place.add_module(last, module)

    def forward(self, x):
        values = {"image": x}
        for node, module in self.nodes:
            inputs = [values[name] for name in node["inputs"]]
            kind = node["type"]
            if kind == "conv2d":
                result = module(padded(node, inputs[0]))
            elif module is not None:
                result = module(inputs[0])
            elif kind == "globalAveragePool":
                result = inputs[0].mean((2, 3), keepdim=True)
            else:
                functions = {"relu6": functional.relu6, "relu": torch.relu, "add": torch.add, "flatten": lambda v: v.flatten(1)}
                result = functions[kind](*inputs)
            values[node["name"]] = result
        return result


def build(network, description):
    import torchvision

    if network == "resnet-18":
        return torchvision.models.resnet18(num_classes=CLASSES)
    if network == "mobilenet-v2":
        model = torchvision.models.mobilenet_v2(num_classes=CLASSES)
        model.classifier[0] = MaskedDropout(0.2)
        return model
    return Described(json.loads(pathlib.Path(description).read_text())["nodes"])


def record(network, description, directory, batch=8, steps=10):
    torch.manual_seed(7)
    model = build(network, description)
    start = {name: value.clone() for name, value in model.state_dict().items()}
    save_file(start, directory / "weights.safetensors")
    pixels = torch.randint(256, (batch, SIZE, SIZE, 3), dtype=torch.uint8)
    labels = torch.randint(CLASSES, (batch,), dtype=torch.int32)
    masks = (torch.rand(steps, batch, 1280) < 0.8).to(torch.uint8)
    pixels.numpy().tofile(directory / "pixels.bin")
    labels.numpy().tofile(directory / "labels.bin")
    masks.numpy().tofile(directory / "masks.bin")
    images = ((pixels.float() / 255 - MEAN) / DEVIATION).permute(0, 3, 1, 2).contiguous()
    with torch.no_grad():
        model.eval()(images).numpy().tofile(directory / "logits.bin")
    model.train()

    def loss(step, at):
        for module in model.modules():
            if isinstance(module, MaskedDropout):
                module.mask = masks[step].to(at.dtype)
        return functional.cross_entropy(model(at), labels.long())

    # In float64: where a rectifier's input is next to 0, float32 decides by chance, and the gradient jumps.
    model.double()
    loss(0, images.double()).backward()
    gradients = {name: value.grad.float().contiguous() for name, value in model.named_parameters()}
    save_file(gradients, directory / "gradients.safetensors")
    model.float()
    model.load_state_dict(start)
    optimizer = torch.optim.SGD(model.parameters(), lr=LEARNING_RATE)
    losses = []
    for step in range(steps):
        optimizer.zero_grad()
        value = loss(step, images)
        value.backward()
        optimizer.step()
        losses.append(float(value.detach()))
    (directory / "losses.json").write_text(json.dumps(losses))


if __name__ == "__main__":
    name, description, directory, *numbers = sys.argv[1:]
    record(name, description, pathlib.Path(directory), *map(int, numbers))
