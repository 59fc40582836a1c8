"""Quantises an ONNX model to int8 with onnxruntime's own tool: static, QDQ, weights a channel.

    python quantize_model.py MODEL OUTPUT

Reads one request from standard input, a line of JSON {input, type, shape, bytes} and as many bytes: calibration images as the
model takes them. Answers a line of JSON, as run_model.py does.
"""

import json
import os
import sys
import tempfile

import numpy as np

TYPES = {"float32": np.float32, "float16": np.float16, "uint8": np.uint8}


def quantize(source, target, name, images):
    from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
    from onnxruntime.quantization.shape_inference import quant_pre_process

    class Images(CalibrationDataReader):
        def __init__(self):
            self.rest = iter(images)

        def get_next(self):
            image = next(self.rest, None)
            return None if image is None else {name: image[None]}

    with tempfile.TemporaryDirectory() as folder:
        prepared = os.path.join(folder, "prepared.onnx")
        quant_pre_process(source, prepared, skip_symbolic_shape=True)
        quantize_static(
            prepared,
            target,
            Images(),
            quant_format=QuantFormat.QDQ,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            per_channel=True,
        )


def main(source, target):
    replies = os.fdopen(os.dup(1), "w")
    # What the tool prints must not stand among the answers.
    os.dup2(2, 1)

    def reply(header):
        print(json.dumps({**header, "bytes": 0}), file=replies, flush=True)

    request = json.loads(sys.stdin.buffer.readline())
    payload = sys.stdin.buffer.read(request["bytes"])
    images = np.frombuffer(payload, TYPES[request["type"]]).reshape(request["shape"])
    try:
        quantize(source, target, request["input"], images)
    except ModuleNotFoundError as error:
        return reply({"missing": error.name})
    except Exception as error:
        return reply({"error": f"{type(error).__name__}: {error}"})
    import onnxruntime

    reply({"versions": {"onnxruntime (Python)": onnxruntime.__version__}})


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
