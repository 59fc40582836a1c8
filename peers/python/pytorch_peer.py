# /// script
# requires-python = ">=3.10"
# dependencies = ["torch>=2", "numpy"]
# ///
"""Any network in PyTorch."""

import math
import os
import platform

import torch
from dlcmp_peer import PYTHON, CnnPeer, PeerError, serve
from network import UnsupportedNode
from pytorch_network import Network, create_optimizer, cross_entropy

FLOAT32_MAX = torch.finfo(torch.float32).max
UNTUNED = (
    "glibc gave large tensors back to the system at every step, as it does by default. pytorch-tuned "
    "has it keep them, which trains faster on many machines."
)


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
        self.device = torch.device(backend)
        self.steps_at_once = 1 if backend == "cpu" else 32
        size = (spec["inputHeight"], spec["inputWidth"], len(spec["classNames"]))
        try:
            self.model = Network(spec["network"], *size).to(self.device)
        except UnsupportedNode as error:
            raise PeerError("INVALID_ARGUMENT", f"It does not compute {error}.")

    def restart(self, weights):
        self.model.load(weights)
        self.optimizer, self.settings = None, None

    def train(self, params, report):
        super().train(params, report)
        return {"notes": [UNTUNED] if self.device.type == "cpu" and has_untuned_malloc() else []}

    def tensor(self, array):
        return torch.tensor(array, device=self.device)

    def loss(self, batch, smoothing):
        self.model.train()
        masks = {name: self.tensor(mask) for name, mask in batch.masks.items()}
        logits = self.model(self.tensor(batch.pixels), masks)
        return cross_entropy(logits, self.tensor(batch.labels).long(), smoothing)

    def train_step(self, batch, rate, learning):
        parameters = list(self.model.parameters())
        if self.settings != learning.optimizer:
            self.settings = learning.optimizer
            self.optimizer = create_optimizer(parameters, learning.optimizer)
        for group in self.optimizer.param_groups:
            # Beyond float32 PyTorch refuses a rate; the weights are to show that it is too high.
            group["lr"] = rate if rate <= FLOAT32_MAX else math.inf
        self.optimizer.zero_grad()
        loss = self.loss(batch, learning.label_smoothing)
        loss.backward()
        norm = None
        if learning.gradient_clipping is not None:
            norm = torch.nn.utils.clip_grad_norm_(parameters, learning.gradient_clipping)
        self.optimizer.step()
        return loss.detach(), norm

    def loss_and_gradients(self, batch, smoothing):
        state = {name: buffer.clone() for name, buffer in self.model.named_state().items()}
        names, parameters = zip(*self.model.named_weights().items())
        loss = self.loss(batch, smoothing)
        gradients = torch.autograd.grad(loss, parameters)
        for name, buffer in self.model.named_state().items():
            buffer.copy_(state[name])
        return loss.item(), {name: g.cpu().numpy() for name, g in zip(names, gradients)}

    @torch.inference_mode()
    def logits(self, pixels):
        return self.model.eval()(self.tensor(pixels)).cpu().numpy()

    @torch.inference_mode()
    def probabilities(self, pixels):
        return torch.softmax(self.model.eval()(self.tensor(pixels)), dim=1).cpu().numpy()

    def weights(self):
        named = {**self.model.named_weights(), **self.model.named_state()}
        return {name: tensor.detach().cpu().numpy() for name, tensor in named.items()}


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
