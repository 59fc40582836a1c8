"""Writes fixtures/pytorch-trajectory: a run of simple-cnn by PyTorch, in float64, over random images.

Run with Python 3, torch, numpy and safetensors installed:

    python3 make-trajectory-fixture.py
"""

import base64
import json
from pathlib import Path

import numpy
import torch
from safetensors.numpy import save_file
from torch import nn

HEIGHT, WIDTH = 11, 17
CHANNELS = [2, 3, 4]
HIDDEN_UNITS, CLASSES, BATCH, STEPS = 5, 3, 4, 3
DROPOUT_RATE = 0.4
ADAM = {"lr": 0.01, "betas": (0.85, 0.99), "eps": 1e-6}
MEAN, DEVIATION = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]


class SimpleCnn(nn.Module):
    def __init__(self):
        super().__init__()
        first, second, third = CHANNELS
        self.conv1 = nn.Conv2d(3, first, 3, padding=1)
        self.conv2 = nn.Conv2d(first, second, 3, padding=1)
        self.conv3 = nn.Conv2d(second, third, 3, padding=1)
        self.fc1 = nn.Linear(third * (HEIGHT // 8) * (WIDTH // 8), HIDDEN_UNITS)
        self.fc2 = nn.Linear(HIDDEN_UNITS, CLASSES)

    def forward(self, images, scaled_keep=1.0):
        for convolution in (self.conv1, self.conv2, self.conv3):
            images = nn.functional.max_pool2d(torch.relu(convolution(images)), 2)
        hidden = torch.relu(self.fc1(images.flatten(1)))
        return self.fc2(hidden * scaled_keep)


def normalise(pixels):
    images = torch.tensor(pixels, dtype=torch.float64).permute(0, 3, 1, 2) / 255
    shape = (1, 3, 1, 1)
    return (images - torch.tensor(MEAN, dtype=torch.float64).view(shape)) / torch.tensor(
        DEVIATION, dtype=torch.float64
    ).view(shape)


def save(path, tensors):
    save_file(
        {name: numpy.ascontiguousarray(t.detach().numpy(), numpy.float32) for name, t in tensors},
        path,
    )


def write_trajectory(directory):
    directory.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(1)
    random = numpy.random.default_rng(1)
    # Rounded to float32 first, so that the file holds exactly what the run starts from.
    model = SimpleCnn().float().double()
    save(directory / "init.safetensors", model.named_parameters())
    optimizer = torch.optim.Adam(model.parameters(), **ADAM)
    steps = []
    for step in range(STEPS):
        pixels = random.integers(0, 256, (BATCH, HEIGHT, WIDTH, 3), dtype=numpy.uint8)
        labels = random.integers(0, CLASSES, BATCH)
        keep = (random.random((BATCH, HIDDEN_UNITS)) >= DROPOUT_RATE).astype(numpy.uint8)
        logits = model(normalise(pixels))
        scaled_keep = torch.tensor(keep, dtype=torch.float64) / (1 - DROPOUT_RATE)
        loss = nn.functional.cross_entropy(
            model(normalise(pixels), scaled_keep), torch.tensor(labels)
        )
        optimizer.zero_grad()
        loss.backward()
        if step == 0:
            gradients = [(name, p.grad) for name, p in model.named_parameters()]
            save(directory / "grad-step-1.safetensors", gradients)
        optimizer.step()
        steps.append(
            {
                "pixelsNhwcBase64": base64.b64encode(pixels.tobytes()).decode(),
                "labels": labels.tolist(),
                "dropoutKeepBase64": base64.b64encode(keep.tobytes()).decode(),
                "evalLogitsBeforeStep": logits.tolist(),
                "trainLoss": loss.item(),
            }
        )
    save(directory / "final.safetensors", model.named_parameters())
    trajectory = {
        "reference": f"PyTorch {torch.__version__}, float64",
        "inputHeight": HEIGHT,
        "inputWidth": WIDTH,
        "channels": CHANNELS,
        "hiddenUnits": HIDDEN_UNITS,
        "numClasses": CLASSES,
        "batchSize": BATCH,
        "learningRate": ADAM["lr"],
        "betas": ADAM["betas"],
        "epsilon": ADAM["eps"],
        "dropoutRate": DROPOUT_RATE,
        "mean": MEAN,
        "std": DEVIATION,
        "steps": steps,
    }
    (directory / "trajectory.json").write_text(json.dumps(trajectory) + "\n")


write_trajectory(Path(__file__).parent / "fixtures" / "pytorch-trajectory")
