"""
The default network in PyTorch. See contender.mjs. The second argument is `default`, or `tuned`: channels last and
fused Adam.
"""

import sys
import time

import torch
from images import CHANNEL_DEVIATION, CHANNEL_MEAN, labels, pixels, serve, settings
from torch import nn

tuned = sys.argv[2] == "tuned"
torch.set_num_threads(settings.threads)
memory_format = torch.channels_last if tuned else torch.contiguous_format


def convolution(inputs, outputs):
    return [nn.Conv2d(inputs, outputs, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]


model = nn.Sequential(
    *convolution(3, 32),
    *convolution(32, 64),
    *convolution(64, 128),
    nn.Flatten(),
    nn.Linear(128 * (settings.side // 8) ** 2, 512),
    nn.ReLU(),
    nn.Dropout(0.5),
    nn.Linear(512, settings.classes),
).to(memory_format=memory_format)
optimizer = torch.optim.Adam(model.parameters(), 1e-3, fused=tuned or None)
cross_entropy = nn.CrossEntropyLoss()
images = torch.from_numpy(pixels)
targets = torch.from_numpy(labels).long()
scale = torch.from_numpy(1 / (255 * CHANNEL_DEVIATION)).view(1, 3, 1, 1)
offset = torch.from_numpy(-CHANNEL_MEAN / CHANNEL_DEVIATION).view(1, 3, 1, 1)


def batch_input(chosen):
    bytes_ = images[chosen].permute(0, 3, 1, 2)
    return torch.addcmul(offset, bytes_.float(), scale).contiguous(memory_format=memory_format)


def training(count):
    model.train()
    start = time.perf_counter()
    for chosen in torch.randperm(count).split(settings.batchSize):
        optimizer.zero_grad()
        loss = cross_entropy(model(batch_input(chosen)), targets[chosen])
        loss.backward()
        optimizer.step()
        loss.item()
    return time.perf_counter() - start


@torch.inference_mode()
def inference(count):
    model.eval()
    start = time.perf_counter()
    for chosen in torch.arange(count).split(settings.batchSize):
        model(batch_input(chosen)).softmax(1).numpy()
    return time.perf_counter() - start


serve(f"PyTorch {torch.__version__}", {"training": training, "inference": inference})
