"""Records frozen-layers.json: what PyTorch makes of a network whose last layers alone are trained, or its head at a rate of its own.

Run with Python 3 and torch installed: python3 record-frozen-layers.py
"""

import json
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

IMAGES, CLASSES, EPOCHS, RATE, HEAD_RATE, SMOOTHING = 12, 3, 6, 0.02, 0.05, 0.1
MEAN, DEVIATION = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])

torch.manual_seed(5)
layers = {
    "conv1": nn.Conv2d(3, 4, 3, padding=1, bias=False),
    "bn1": nn.BatchNorm2d(4),
    "conv2": nn.Conv2d(4, 6, 3, padding=1, bias=False),
    "bn2": nn.BatchNorm2d(6),
    "fc": nn.Linear(6, CLASSES),
}
for layer in layers.values():
    if isinstance(layer, nn.BatchNorm2d):
        layer.weight.data.uniform_(0.5, 1.5)
        layer.bias.data.normal_(0, 0.1)
        layer.running_mean.normal_(0, 0.1)
        layer.running_var.uniform_(0.5, 1.5)
pixels = torch.randint(256, (IMAGES, 8, 8, 3), dtype=torch.uint8)
labels = torch.arange(IMAGES) % CLASSES
images = ((pixels / 255 - MEAN) / DEVIATION).permute(0, 3, 1, 2)
begun = {name: {k: v.clone() for k, v in layer.state_dict().items()} for name, layer in layers.items()}


def trunk(x):
    return F.max_pool2d(F.relu(layers["bn1"](layers["conv1"](x))), 2)


def block(x):
    return F.relu(layers["bn2"](layers["conv2"](x))).mean((2, 3))


def train(trained, optimizer=torch.optim.AdamW, head_rate=RATE):
    """The layers named are in training mode, the others as in inference."""
    for name, layer in layers.items():
        layer.load_state_dict(begun[name])
        layer.train(name in trained)
    groups = [
        {"params": layers[name].parameters(), "lr": head_rate if name == "fc" else RATE}
        for name in trained
    ]
    optimizer = optimizer(groups)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, EPOCHS)
    losses = []
    for _ in range(EPOCHS):
        optimizer.zero_grad()
        logits = layers["fc"](block(trunk(images)))
        loss = F.cross_entropy(logits, labels, label_smoothing=SMOOTHING)
        loss.backward()
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
    return {"losses": losses, "weights": named({name: layers[name].state_dict() for name in trained})}


def named(states):
    return {
        f"{layer}.{name}": {"shape": list(tensor.shape), "data": tensor.flatten().tolist()}
        for layer, state in states.items()
        for name, tensor in state.items()
        if name != "num_batches_tracked"
    }


recorded = {
    "pixels": pixels.flatten().tolist(),
    "labels": labels.tolist(),
    "weights": named(begun),
    "head": train(["fc"]),
    "last:2": train(["conv2", "bn2", "fc"]),
    "adamW": train(list(layers), head_rate=HEAD_RATE),
    "adam": train(list(layers), torch.optim.Adam, HEAD_RATE),
}
path = Path(__file__).parent / "frozen-layers.json"
path.write_text(json.dumps(recorded, separators=(",", ":")) + "\n")
