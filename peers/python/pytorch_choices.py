"""What PyTorch is asked for as it comes and at its best, and which of its parts compute then."""

import importlib.util
import os
import shutil
import sysconfig
from dataclasses import dataclass

import torch

VERSION = tuple(int(part) for part in torch.__version__.split(".")[:2])


@dataclass(frozen=True)
class Choices:
    keeps_freed_memory: bool = False
    channels_last: bool = False
    # All of an optimiser's step in one kernel.
    fused_optimizer: bool = False
    compiles_training: bool = False
    compiles_inference: bool = False
    # cuDNN tries its algorithms at each new size and takes the fastest.
    tries_algorithms: bool = False
    # Products in TF32 where the run allows it (the harness says by NVIDIA_TF32_OVERRIDE), as convolutions are by default.
    allows_tf32: bool = False
    # What is compiled is recorded as CUDA graphs, one for each size of batches.
    records_graphs: bool = False
    # Images stay on the GPU, which cuts batches itself; where they do not fit, a thread makes them in pinned memory.
    prepares_batches: bool = False

    @property
    def compiles(self):
        return self.compiles_training or self.compiles_inference


def choices(engine, device):
    if engine == "stock":
        return Choices()
    if device == "cuda":
        compiles = why_not_compiled(device) is None
        return Choices(
            channels_last=True,
            fused_optimizer=True,
            compiles_training=compiles,
            compiles_inference=compiles,
            tries_algorithms=True,
            allows_tf32=os.environ.get("NVIDIA_TF32_OVERRIDE") != "0",
            records_graphs=compiles,
            prepares_batches=True,
        )
    # Compiled training was slower on CPUs: see peers/README.md.
    return Choices(
        keeps_freed_memory=True,
        channels_last=True,
        fused_optimizer=VERSION >= (2, 4),
        compiles_inference=why_not_compiled(device) is None,
    )


def why_not_compiled(device):
    """What torch.compile lacks here, or None."""
    if VERSION < (2, 0):
        return f"PyTorch {torch.__version__} has no torch.compile"
    compilers = [os.environ.get("CXX"), "g++", "clang++", "gcc", "cc"]
    if not any(name and shutil.which(name) for name in compilers):
        return "there is no C++ compiler"
    if not os.path.exists(os.path.join(sysconfig.get_paths()["include"], "Python.h")):
        return "Python's headers are not installed"
    if device == "cuda" and importlib.util.find_spec("triton") is None:
        return "Triton is not installed"
    return None


def computed_by(engine, device):
    """Part by part, in words for a table."""
    chosen = choices(engine, device)
    library = "cuDNN" if device == "cuda" else "oneDNN"
    products = "cuBLAS" if device == "cuda" else "MKL"
    layout = ", channels-last" if chosen.channels_last else ""
    update = ", fused" if chosen.fused_optimizer else ""
    graphs = ", recorded as CUDA graphs" if chosen.records_graphs else ""
    kernels = f"kernels of torch.compile{graphs}" if chosen.compiles_training else "PyTorch's own kernels"
    missing = why_not_compiled(device) if engine == "best" else None
    parts = {
        "convolution": f"{library}'s, through PyTorch's conv2d{layout}",
        "matrix products": f"{products}'s, through PyTorch's linear",
        "pooling": kernels,
        "batch norm": kernels,
        "activations": kernels,
        "loss": kernels,
        "optimiser": f"torch.optim{update}",
        "inference": inference_words(chosen),
    }
    if missing:
        parts["compiler"] = f"none: {missing}"
    return [{"part": part, "what": what} for part, what in parts.items()]


def inference_words(chosen):
    graphs = ", as CUDA graphs" if chosen.records_graphs else ""
    return f"torch.compile{graphs}" if chosen.compiles_inference else "PyTorch's own operators, one by one"
