# /// script
# requires-python = ">=3.10"
# dependencies = ["torch>=2", "numpy"]
# ///
"""Any network in PyTorch."""

import math
import os

import torch
from allocator import can_keep_memory, keep_freed_memory
from dlcmp_peer import PYTHON, CnnPeer, PeerError, input_of, read_whole, serve
from gpu_batches import GpuBatches
from network import UnsupportedNode
from pytorch_choices import choices, computed_by
from pytorch_network import Network, create_optimizer, cross_entropy, parameter_groups

FLOAT32_MAX = torch.finfo(torch.float32).max
UNTUNED = (
    "glibc gave large tensors back to the system at every step, as it does by default. pytorch:best "
    "has it keep them, which trains faster on many machines."
)


class PyTorchPeer(CnnPeer):
    def describe(self):
        versions = {"torch": torch.__version__, **PYTHON}
        devices = {"cpu": {"available": True, "device": "CPU", "versions": versions}}
        if torch.cuda.is_available():
            device = torch.cuda.get_device_name()
            devices["cuda"] = {"available": True, "device": device, "versions": versions}
        else:
            devices["cuda"] = {"available": False, **why_no_cuda()}
        return {
            "id": "pytorch",
            "displayName": "PyTorch (CNN)",
            "family": "cnn",
            "backends": [
                {"engine": engine, "name": name, **said, "computedBy": computed_by(engine, name)}
                for engine in ("stock", "best")
                for name, said in devices.items()
            ],
        }

    def build(self, spec, engine, backend, threads):
        if threads:
            torch.set_num_threads(threads)
        self.device = torch.device(backend)
        self.choices = choices(engine, backend)
        self.steps_at_once, self.images_at_once = (1, 32) if backend == "cpu" else (32, 1024)
        if self.choices.keeps_freed_memory:
            keep_freed_memory()
        torch.backends.cudnn.benchmark = self.choices.tries_algorithms
        torch.backends.cuda.matmul.allow_tf32 = self.choices.allows_tf32
        self.gpu_batches = GpuBatches(self.device)
        size = (spec["inputHeight"], spec["inputWidth"], len(spec["classNames"]))
        try:
            self.model = Network(spec["network"], *size).to(self.device)
        except UnsupportedNode as error:
            raise PeerError("INVALID_ARGUMENT", f"It does not compute {error}.")
        if self.choices.channels_last:
            self.model.to(memory_format=torch.channels_last)
        mode = "reduce-overhead" if self.choices.records_graphs else None
        compiled = torch.compile(self.model, mode=mode) if self.choices.compiles else self.model
        self.forward = compiled if self.choices.compiles_training else self.model
        self.answer = compiled if self.choices.compiles_inference else self.model
        self.warm_up(spec)

    def warm_up(self, spec):
        """Loads a GPU's libraries and compiles what is compiled, as parts of building the model."""
        shape, kind = input_of(spec)
        pixels = self.example(shape, getattr(torch, kind))
        if self.device.type == "cuda" or self.choices.compiles_training:
            nodes = [node for node in self.model.nodes if node.type == "dropout"]
            masks = {node.name: self.example((math.prod(node.shape),)) for node in nodes}
            self.model.train()
            self.forward(pixels, masks).sum().backward()
            self.model.zero_grad()
        if self.device.type == "cuda" or self.choices.compiles_inference:
            with torch.inference_mode():
                self.model.eval()
                self.answer(pixels)

    def example(self, shape, kind=torch.uint8):
        """A batch. What is compiled of it holds for all sizes of batches, the last odd one included."""
        batch = torch.zeros((8, *shape), dtype=kind, device=self.device)
        if self.choices.compiles:
            torch._dynamo.mark_dynamic(batch, 0)
        return batch

    def restart(self, weights):
        self.model.load(weights)
        self.optimizer, self.settings = None, None

    def train(self, params, report):
        super().train(params, report)
        is_untuned = self.device.type == "cpu" and not self.choices.keeps_freed_memory
        return {"notes": [UNTUNED] if is_untuned and has_untuned_malloc() else []}

    def batches(self, params):
        if not self.choices.prepares_batches:
            return super().batches(params)
        return self.gpu_batches.of(params, self.spec)

    def tensor(self, array):
        if isinstance(array, torch.Tensor):
            return array.to(self.device, non_blocking=True)
        return torch.tensor(array, device=self.device)

    def loss(self, batch, smoothing):
        self.model.train()
        masks = {name: self.tensor(mask) for name, mask in batch.masks.items()}
        logits = self.forward(self.tensor(batch.pixels), masks)
        return cross_entropy(logits, self.tensor(batch.labels).long(), smoothing)

    def train_step(self, batch, rate, learning):
        parameters = list(self.model.parameters())
        if self.settings != (learning.optimizer, learning.rate_factors):
            self.settings = (learning.optimizer, learning.rate_factors)
            groups = parameter_groups(self.model, learning.rate_factors)
            self.optimizer = create_optimizer(
                groups, learning.optimizer, self.choices.fused_optimizer
            )
        for group in self.optimizer.param_groups:
            own = rate * group["rate_factor"]
            # Beyond float32 PyTorch refuses a rate; the weights are to show that it is too high.
            group["lr"] = own if own <= FLOAT32_MAX else math.inf
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

    def read_images(self, file, count):
        if not self.choices.prepares_batches:
            return super().read_images(file, count)
        kind = getattr(torch, input_of(self.spec)[1])
        images = torch.empty(self.shape_of(count), dtype=kind, pin_memory=True)
        read_whole(file, images.numpy())
        return images

    def read(self, scalars):
        return torch.stack(scalars).tolist()

    @torch.inference_mode()
    def logits(self, pixels):
        self.model.eval()
        return self.answer(self.tensor(pixels)).cpu().numpy()

    @torch.inference_mode()
    def probabilities(self, pixels):
        self.model.eval()
        return torch.softmax(self.answer(self.tensor(pixels)), dim=1).cpu().numpy()

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
    return can_keep_memory() and not tuned


if __name__ == "__main__":
    serve(PyTorchPeer())
