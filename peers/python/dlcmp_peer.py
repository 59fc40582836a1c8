"""The process protocol of dlcmp (docs/peer-protocol.md), for peers in Python.

A peer is an object with a method for each request; `serve` reads requests and writes answers.
Pixels, labels, plans and weights are files, memory-mapped.
"""

import json
import os
import platform
import re
import sys
import threading
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass

import network
import numpy as np

PROTOCOL_VERSION = 2
PYTHON = {"python": platform.python_version(), "numpy": np.__version__}


class PeerError(Exception):
    """A failure that the harness knows by its code."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


@dataclass
class Batch:
    """Images [size, height, width, 3] as bytes, or features as float32; classes [size]; by dropout node what it keeps."""

    pixels: np.ndarray
    labels: np.ndarray
    masks: dict


def input_of(spec):
    """Shape and type of an image in a file, or of the features in its place."""
    return network.input_of(spec.get("network") or {}, spec["inputHeight"], spec["inputWidth"])


def read_pixels(source, spec):
    """Images [count, height, width, 3], mapped, not read."""
    shape, kind = input_of(spec)
    return np.memmap(source["path"], kind, "r", source["offset"], (source["count"], *shape))


def read_whole(file, array):
    """A plain read: a new mapping would cost a fault for each page."""
    if file.readinto(memoryview(array).cast("B")) != array.nbytes:
        raise PeerError("INVALID_FILE", f"{file.name} ends within an image.")


def read_labels(path):
    return np.fromfile(path, np.int32)


def planned_batches(params, spec):
    """The batches of an epoch: in the plan's order, mirrored and masked as it says."""
    pixels, labels = read_pixels(params["pixels"], spec), read_labels(params["labels"])
    plan = params["plan"]
    order = np.fromfile(plan["order"], np.uint32)
    flips = np.fromfile(plan["flips"], np.uint8).astype(bool)
    masks = {
        name: np.memmap(path, np.uint8, "r").reshape(len(order), -1)
        for name, path in plan["masks"].items()
    }
    for start in range(0, len(order), plan["batchSize"]):
        chosen = order[start : start + plan["batchSize"]]
        images = pixels[chosen]
        if flips[chosen].any():
            images[flips[chosen]] = images[flips[chosen], :, ::-1]
        kept = {name: np.array(mask[start : start + len(chosen)]) for name, mask in masks.items()}
        yield Batch(images, labels[chosen], kept)


def read_safetensors(path):
    """Float32 arrays by name (https://github.com/huggingface/safetensors)."""
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        data = file.read()
    header.pop("__metadata__", None)
    return {
        name: np.frombuffer(data[slice(*entry["data_offsets"])], np.float32).reshape(entry["shape"])
        for name, entry in header.items()
    }


def write_safetensors(path, tensors):
    arrays = {name: np.ascontiguousarray(array, np.float32) for name, array in tensors.items()}
    header, offset = {}, 0
    for name, array in arrays.items():
        span = [offset, offset + array.nbytes]
        header[name] = {"dtype": "F32", "shape": array.shape, "data_offsets": span}
        offset += array.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for array in arrays.values():
            file.write(array.tobytes())


@dataclass(frozen=True)
class Learning:
    """How steps move the weights, without their learning rate."""

    optimizer: dict
    gradient_clipping: float
    label_smoothing: float
    # By a weight's name: what its learning rate is multiplied by, where that is not 1.
    rate_factors: dict


class CnnPeer:
    """Everything that CNNs share. A framework adds `describe`, `build`, `train_step`, and so on."""

    # Steps whose losses are read together: reading each would bring a GPU to a halt.
    steps_at_once = 1
    # Images that a request to predict is cut into.
    images_at_once = 32
    built = None

    def create(self, spec, engine, backend, threads, weights, model):
        arrays = read_safetensors(weights)
        wanted = (spec, engine, backend, threads)
        if self.built != wanted:
            self.built, self.spec = None, spec
            self.build(spec, engine, backend, threads)
            self.built = wanted
        self.restart(arrays)

    def train(self, params, report):
        plan = params["plan"]
        rates = np.fromfile(plan["learningRates"], np.float64)
        learning = Learning(
            plan["optimizer"],
            plan["gradientClipping"],
            plan["labelSmoothing"],
            plan.get("rateFactors", {}),
        )
        waiting = []
        with closing(self.batches(params)) as batches:
            for step, batch in enumerate(batches, 1):
                if os.path.exists(params["stopFile"]):
                    break
                waiting.append((step, self.train_step(batch, float(rates[step - 1]), learning)))
                if len(waiting) >= self.steps_at_once:
                    self.report_steps(waiting, report)
            self.report_steps(waiting, report)

    def batches(self, params):
        return planned_batches(params, self.spec)

    def gradients(self, pixels, labels, masks, labelSmoothing, output):
        images = np.array(read_pixels(pixels, self.spec))
        kept = {
            name: np.fromfile(path, np.uint8).reshape(len(images), -1)
            for name, path in masks.items()
        }
        batch = Batch(images, read_labels(labels), kept)
        loss, gradients = self.loss_and_gradients(batch, labelSmoothing)
        write_safetensors(output, gradients)
        return {"loss": finite(loss)}

    def predict(self, pixels, kind, output):
        count, chunk = pixels["count"], self.images_at_once
        answer = self.probabilities if kind == "probabilities" else self.logits
        with open(pixels["path"], "rb", buffering=0) as file:
            file.seek(pixels["offset"])
            parts = [
                answer(self.read_images(file, min(chunk, count - start)))
                for start in range(0, count, chunk)
            ]
        np.concatenate(parts).astype(np.float32).tofile(output)
        return {"count": count}

    def read_images(self, file, count):
        """The next images of a file of pixels."""
        images = np.empty(self.shape_of(count), input_of(self.spec)[1])
        read_whole(file, images)
        return images

    def shape_of(self, count):
        return (count, *input_of(self.spec)[0])

    def read(self, scalars):
        """The numbers of a framework's scalars, in one go where it can."""
        return [float(scalar) for scalar in scalars]

    def report_steps(self, waiting, report):
        """Reports steps in their order: loss, and where gradients are clipped their norm."""
        if not waiting:
            return
        steps, results = zip(*waiting)
        losses, norms = zip(*results)
        clips = norms[0] is not None
        read = zip(self.read(losses), self.read(norms) if clips else norms)
        for step, (loss, norm) in zip(steps, read):
            report(step, loss=loss, norm=norm)
        waiting.clear()

    def save(self, directory):
        write_safetensors(os.path.join(directory, "weights.safetensors"), self.weights())


def finite(value):
    """JSON has no NaN."""
    return float(value) if np.isfinite(value) else None


def serve(peer):
    """Answers requests on standard input until it closes."""
    channel = claim_standard_output()
    for line in sys.stdin:
        request = json.loads(line)

        def write(**message):
            channel.write(json.dumps({"id": request["id"], **message}) + "\n")
            channel.flush()

        try:
            write(result=answer(peer, request["method"], request["params"], write))
        except PeerError as error:
            write(error={"code": error.code, "message": str(error)})
        except Exception as error:
            message = f"{request['method']}: {type(error).__name__}: {error}"
            write(error={"code": "PEER_FAILED", "message": message})


def answer(peer, method, params, write):
    if method == "describe":
        if params["protocolVersion"] != PROTOCOL_VERSION:
            raise PeerError("PEER_FAILED", f"This peer speaks version {PROTOCOL_VERSION}.")
        return {"protocolVersion": PROTOCOL_VERSION, **peer.describe()}
    if method == "train":
        return train(peer, params, write)
    if method == "usage":
        return usage()
    if method not in ("create", "gradients", "predict", "save", "dispose"):
        raise PeerError("PEER_FAILED", f'There is no method "{method}".')
    if method == "dispose":
        peer.__dict__.clear()
        return {}
    return getattr(peer, method)(**params) or {}


def train(peer, params, write):
    completed = 0

    def report(count, loss=None, norm=None, total=None):
        nonlocal completed
        completed = count
        measured = {"total": total} if loss is None else {"loss": finite(loss)}
        if norm is not None:
            measured["gradientNorm"] = finite(norm)
        write(event="progress", completed=count, **measured)

    start = time.perf_counter()
    with signs_of_life(write):
        told = peer.train(params, report) or {}
    seconds = time.perf_counter() - start
    return {"completed": completed, "trainSeconds": seconds, "details": {}, "notes": [], **told}


@contextmanager
def signs_of_life(write, seconds=10):
    """Says `alive` while a framework computes for long without a word."""
    done = threading.Event()

    def beat():
        while not done.wait(seconds):
            try:
                write(event="alive")
            except OSError:
                os._exit(1)  # Nobody listens any more.

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def usage():
    return {"cpuSeconds": time.process_time(), "peakRssBytes": peak_memory()}


def peak_memory():
    """Linux' ru_maxrss begins with the memory of the process that started this one."""
    try:
        with open("/proc/self/status") as status:
            kibibytes = re.search(r"^VmHWM:\s+(\d+)", status.read(), re.MULTILINE)[1]
        return int(kibibytes) * 1024
    except FileNotFoundError:
        import resource

        unit = 1 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def claim_standard_output():
    """Keeps standard output for the protocol; what libraries print goes to standard error."""
    channel = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    return channel
