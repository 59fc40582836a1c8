"""Runs a trained model in Python's onnxruntime or TensorFlow, as a peer of the runtimes in Node.js.

    python run_model.py onnxruntime|tensorflow MODEL THREADS

Requests come on standard input, answers go to standard output: a line of JSON each, whose "bytes" says how many bytes follow.
The first answer tells what the model takes and puts out. Further kinds of request:

    run      {input, type, shape, output} and a tensor        → {shape} and float32
    prepare  {model, count} and pixels                         → the tensor that NumPy makes of them
    decode   {files, height, width, filter, fit, shorterSide}  → the pixels that Pillow makes of the files
    memory                                                     → {peakRssBytes}
"""

import json
import os
import resource
import sys

import numpy as np

TYPES = {"float32": np.float32, "float16": np.float16, "uint8": np.uint8}


class OnnxModel:
    def __init__(self, path, threads):
        import onnxruntime

        onnxruntime.set_default_logger_severity(3)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self.session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        self.versions = {"onnxruntime (Python)": onnxruntime.__version__}
        self.inputs = [describe(one.name, one.type, one.shape) for one in self.session.get_inputs()]
        self.outputs = [describe(one.name, one.type, one.shape) for one in self.session.get_outputs()]

    def run(self, name, tensor, output):
        return self.session.run([output], {name: tensor})[0]


class SavedModel:
    def __init__(self, path, threads):
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
        import tensorflow as tf

        tf.config.threading.set_intra_op_parallelism_threads(threads)
        self.tf = tf
        self.model = tf.saved_model.load(path)
        self.signature = self.model.signatures["serving_default"]
        self.versions = {"tensorflow (Python)": tf.__version__}
        specs = self.signature.structured_input_signature[1]
        self.inputs = [describe(name, one.dtype.name, one.shape) for name, one in specs.items()]
        self.outputs = [
            describe(name, one.dtype.name, one.shape) for name, one in self.signature.structured_outputs.items()
        ]

    def run(self, name, tensor, output):
        return self.signature(**{name: self.tf.constant(tensor)})[output].numpy()


def describe(name, type_name, shape):
    plain = type_name.removeprefix("tensor(").removesuffix(")")
    lengths = [one if isinstance(one, int) and one >= 0 else None for one in shape]
    return {"name": name, "type": {"float": "float32", "double": "float64"}.get(plain, plain), "shape": lengths}


def prepare(pixels, model):
    """What a model is fed, in float64 and rounded once, by the definition: (byte / scale - mean) / deviation."""
    values = pixels
    if model["channels"] == "grey":
        red, green, blue = (pixels[..., place].astype(np.int64) for place in range(3))
        values = ((red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16)[..., None]
    numbers = model["normalisation"]
    values = (values / numbers["scale"] - numbers["mean"]) / numbers["standardDeviation"]
    if model["channels"] == "BGR":
        values = values[..., ::-1]
    if model["layout"] == "NCHW":
        values = values.transpose(0, 3, 1, 2)
    return np.ascontiguousarray(values.astype(TYPES[model["elementType"]]))


def decode(request):
    from PIL import Image, ImageOps

    filters = Image.Resampling
    names = {"bilinear": filters.BILINEAR, "bicubic": filters.BICUBIC, "lanczos": filters.LANCZOS, "nearest": filters.NEAREST}
    height, width, resample = request["height"], request["width"], names[request["filter"]]
    rows = []
    for path in request["files"]:
        image = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
        if request["fit"] == "stretch":
            image = image.resize((width, height), resample)
        else:
            side = request["shorterSide"]
            w, h = image.size
            size = (side, int(side * h / w)) if w < h else (int(side * w / h), side)
            size = (side, side) if request["fit"] == "stretch-crop" else size
            image = image.resize(size, resample)
            left, top = round((size[0] - width) / 2), round((size[1] - height) / 2)
            image = image.crop((left, top, left + width, top + height))
        rows.append(np.asarray(image))
    return np.stack(rows)


def answer(model, request, payload):
    kind = request["kind"]
    if kind == "run":
        tensor = np.frombuffer(payload, TYPES[request["type"]]).reshape(request["shape"])
        rows = np.ascontiguousarray(model.run(request["input"], tensor, request["output"]).astype(np.float32))
        return {"shape": rows.shape}, rows.tobytes()
    if kind == "prepare":
        described = request["model"]
        shape = (request["count"], described["inputHeight"], described["inputWidth"], 3)
        return {}, prepare(np.frombuffer(payload, np.uint8).reshape(shape), described).tobytes()
    if kind == "decode":
        return {}, decode(request).tobytes()
    unit = 1 if sys.platform == "darwin" else 1024
    return {"peakRssBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit}, b""


def main(runtime, path, threads):
    replies = os.fdopen(os.dup(1), "wb")
    # What libraries print must not stand among the answers.
    os.dup2(2, 1)

    def reply(header, payload=b""):
        replies.write(json.dumps({**header, "bytes": len(payload)}).encode() + b"\n" + payload)
        replies.flush()

    try:
        model = {"onnxruntime": OnnxModel, "tensorflow": SavedModel}[runtime](path, threads)
    except ModuleNotFoundError as error:
        return reply({"missing": error.name})
    except Exception as error:
        return reply({"error": str(error)})
    reply({"inputs": model.inputs, "outputs": model.outputs, "versions": model.versions})
    while line := sys.stdin.buffer.readline():
        request = json.loads(line)
        payload = sys.stdin.buffer.read(request["bytes"])
        try:
            reply(*answer(model, request, payload))
        except ModuleNotFoundError as error:
            reply({"missing": error.name})
        except Exception as error:
            reply({"error": f"{type(error).__name__}: {error}"})


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
