"""PyTorch's part of bench-gpu.mjs: channels-last, TF32, cuDNN benchmark, fused Adam, pinned batches."""

import json
import statistics
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

SIDE, CLASSES, EPOCHS = 150, 6, 6
task, batch = sys.argv[1], int(sys.argv[2])
count = max(2048, 8 * batch)
torch.backends.cuda.matmul.allow_tf32 = True
torch.backends.cudnn.allow_tf32 = True
torch.backends.cudnn.benchmark = True


class SimpleCnn(nn.Module):
    def __init__(self):
        super().__init__()
        self.convolutions = nn.ModuleList(
            nn.Conv2d(inputs, outputs, 3, padding=1) for inputs, outputs in ((3, 32), (32, 64), (64, 128))
        )
        self.fc1 = nn.Linear(128 * (SIDE // 8) ** 2, 512)
        self.fc2 = nn.Linear(512, CLASSES)
        self.register_buffer("mean", 255 * torch.tensor((0.485, 0.456, 0.406)))
        self.register_buffer("deviation", 255 * torch.tensor((0.229, 0.224, 0.225)))

    def forward(self, pixels, mask=None):
        x = ((pixels - self.mean) / self.deviation).permute(0, 3, 1, 2)
        for convolution in self.convolutions:
            x = F.max_pool2d(F.relu(convolution(x)), 2)
        x = F.relu(self.fc1(torch.flatten(x, 1)))
        return self.fc2(x if mask is None else x * mask * 2)


def pinned(tensor):
    return tensor.pin_memory()


model = SimpleCnn().cuda().to(memory_format=torch.channels_last)
pixels = pinned(torch.randint(0, 256, (count, SIDE, SIDE, 3), dtype=torch.uint8))
labels = pinned(torch.randint(0, CLASSES, (count,)))
masks = pinned((torch.rand(count, 512) < 0.5).to(torch.uint8))


def train_epoch(optimizer):
    losses = []
    for start in range(0, count, batch):
        part = slice(start, start + batch)
        x, y, mask = (source[part].cuda(non_blocking=True) for source in (pixels, labels, masks))
        optimizer.zero_grad(set_to_none=True)
        loss = F.cross_entropy(model(x, mask), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())
    torch.stack(losses).cpu()


@torch.inference_mode()
def predict_all():
    for start in range(0, count, batch):
        part = pixels[start : start + batch].cuda(non_blocking=True)
        F.softmax(model(part), dim=1).cpu()


if task == "train":
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, fused=True)
    rounds, once = EPOCHS, lambda: train_epoch(optimizer)
else:
    model.eval()
    rounds, once = 12, predict_all
rates = []
for index in range(rounds):
    start = time.perf_counter()
    once()
    if index >= (1 if task == "train" else 2):
        rates.append(count / (time.perf_counter() - start))
print(json.dumps({"imagesPerSecond": statistics.median(rates)}))
