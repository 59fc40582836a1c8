"""What Keras is asked for as it comes and at its best, and which of its parts compute then."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Choices:
    keeps_freed_memory: bool = False
    # Steps and batches as programs of XLA's.
    compiles_training: bool = False
    compiles_inference: bool = False
    # Batches are made by a thread while the last step computes.
    prepares_batches: bool = False


def choices(engine, device):
    if engine == "stock":
        return Choices()
    if device == "cuda":
        return Choices(compiles_training=True, compiles_inference=True, prepares_batches=True)
    # What XLA compiles for CPUs was slower: see peers/README.md.
    return Choices(keeps_freed_memory=True)


def computed_by(engine, device):
    """Part by part, in words for a table."""
    chosen = choices(engine, device)
    library = "cuDNN" if device == "cuda" else "oneDNN"
    products = "cuBLAS" if device == "cuda" else "oneDNN"
    kernels = "kernels of XLA" if chosen.compiles_training else "TensorFlow's own kernels"
    parts = {
        "convolution": f"{library}'s, through Keras' Conv2D and DepthwiseConv2D",
        "matrix products": f"{products}'s, through Keras' Dense",
        "pooling": kernels,
        "batch norm": kernels,
        "activations": kernels,
        "loss": kernels,
        "optimiser": "TensorFlow's ResourceApply operators, in the step's tf.function",
        "inference": "XLA" if chosen.compiles_inference else "a tf.function of TensorFlow's",
    }
    return [{"part": part, "what": what} for part, what in parts.items()]
