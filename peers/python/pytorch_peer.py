# /// script
# requires-python = ">=3.10"
# dependencies = ["torch>=2", "numpy"]
# ///
"""simple-cnn in PyTorch."""

import os
import platform

import torch
from dlcmp_peer import CHANNEL_MEAN, CHANNEL_STANDARD_DEVIATION, PYTHON, CnnPeer, serve
from torch import nn
from torch.nn import functional as F


UNTUNED = (
    "glibc gave large tensors back to the system at every step, as it does by default. pytorch-tuned "
    "has it keep them, which trains faster on many machines."
)


class SimpleCnn(nn.Module):
    def __init__(self, height, width, classes, channels, hidden, dropout_rate):
        super().__init__()
        first, second, third = channels
        self.conv1 = nn.Conv2d(3, first, 3, padding=1)
        self.conv2 = nn.Conv2d(first, second, 3, padding=1)
        self.conv3 = nn.Conv2d(second, third, 3, padding=1)
        self.fc1 = nn.Linear(third * (height // 8) * (width // 8), hidden)
        self.fc2 = nn.Linear(hidden, classes)
        self.dropout_rate = dropout_rate
        self.register_buffer("mean", 255 * torch.tensor(CHANNEL_MEAN))
        self.register_buffer("deviation", 255 * torch.tensor(CHANNEL_STANDARD_DEVIATION))

    def forward(self, pixels, mask=None):
        x = ((pixels - self.mean) / self.deviation).permute(0, 3, 1, 2)
        for convolution in (self.conv1, self.conv2, self.conv3):
            x = F.max_pool2d(F.relu(convolution(x)), 2)
        x = F.relu(self.fc1(torch.flatten(x, 1)))
        if mask is not None:
            x = x * mask / (1 - self.dropout_rate)
        return self.fc2(x)


class PyTorchPeer(CnnPeer):
    def describe(self):
        versions = {"torch": torch.__version__, **PYTHON}
        cpu = {"name": "cpu", "available": True, "device": "CPU", "versions": versions}
        if torch.cuda.is_available():
            device = torch.cuda.get_device_name()
            cuda = {"name": "cuda", "available": True, "device": device, "versions": versions}
        else:
            cuda = {"name": "cuda", "available": False, **why_no_cuda()}
        return {
            "id": "pytorch",
            "displayName": "PyTorch (CNN)",
            "family": "cnn",
            "backends": [cpu, cuda],
        }

    def build(self, spec, backend, threads):
        if threads:
            torch.set_num_threads(threads)
        sizes = spec["architecture"]
        self.device = torch.device(backend)
        self.model = SimpleCnn(
            spec["inputHeight"],
            spec["inputWidth"],
            len(spec["classNames"]),
            sizes["channels"],
            sizes["hiddenUnits"],
            sizes["dropoutRate"],
        ).to(self.device)

    def restart(self, weights):
        with torch.no_grad():
            for name, parameter in self.model.named_parameters():
                parameter.copy_(torch.tensor(weights[name]))
        self.optimizer = torch.optim.Adam(self.model.parameters())

    def train(self, params, report):
        super().train(params, report)
        return {"notes": [UNTUNED] if self.device.type == "cpu" and has_untuned_malloc() else []}

    def tensor(self, array):
        return torch.tensor(array, device=self.device)

    def loss(self, batch):
        logits = self.model(self.tensor(batch.pixels), self.tensor(batch.mask))
        return F.cross_entropy(logits, self.tensor(batch.labels).long())

    def train_step(self, batch, learningRate, beta1, beta2, epsilon):
        for group in self.optimizer.param_groups:
            group.update(lr=learningRate, betas=(beta1, beta2), eps=epsilon)
        self.optimizer.zero_grad()
        loss = self.loss(batch)
        loss.backward()
        self.optimizer.step()
        return loss.item()

    def loss_and_gradients(self, batch):
        names, parameters = zip(*self.model.named_parameters())
        loss = self.loss(batch)
        gradients = torch.autograd.grad(loss, parameters)
        return loss.item(), {name: g.cpu().numpy() for name, g in zip(names, gradients)}

    @torch.inference_mode()
    def logits(self, pixels):
        return self.model(self.tensor(pixels)).cpu().numpy()

    @torch.inference_mode()
    def probabilities(self, pixels):
        return F.softmax(self.model(self.tensor(pixels)), dim=1).cpu().numpy()

    def weights(self):
        return {name: p.detach().cpu().numpy() for name, p in self.model.named_parameters()}


def why_no_cuda():
    if torch.version.cuda is None:
        reason = f"PyTorch {torch.__version__} was built without CUDA."
        return {"reason": reason, "remedy": "Install one that has it: https://pytorch.org."}
    reason = f"PyTorch, built for CUDA {torch.version.cuda}, finds no device."
    return {"reason": reason, "remedy": "It needs an NVIDIA GPU and its driver."}


def has_untuned_malloc():
    tuned = {"MALLOC_MMAP_MAX_", "MALLOC_MMAP_THRESHOLD_", "LD_PRELOAD"} & os.environ.keys()
    return platform.libc_ver()[0] == "glibc" and not tuned


serve(PyTorchPeer())
