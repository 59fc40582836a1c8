"""The other side of the tests beside it; needs torch, onnx, onnxruntime, safetensors and numpy.

    python interop.py check MODEL.onnx             the onnx checker, full, with shape inference
    python interop.py predict MODEL.onnx DIR       onnxruntime: DIR/pixels.npy -> DIR/probabilities.bin
    python interop.py torch-predict DIR            PyTorch: DIR/weights.safetensors on DIR/pixels.npy -> DIR/logits.bin
    python interop.py torch-save FILE              a PyTorch model's state_dict as safetensors, with its DIR/logits.bin
    python interop.py torch-export DIR             that model as DIR/pytorch.onnx (fixed and dynamic batch)
    python interop.py keras-like DIR               a model as tf2onnx writes Keras': NHWC, softmax inside -> DIR/keras.onnx

DIR/pixels.npy are bytes [count, height, width, 3].
"""

import pathlib
import sys

import numpy as np

MEAN = np.array([0.485, 0.456, 0.406], np.float32)
DEVIATION = np.array([0.229, 0.224, 0.225], np.float32)


def normalised(directory):
    return (np.load(directory / "pixels.npy").astype(np.float32) / 255 - MEAN) / DEVIATION


def network():
    """The network of ../test/small-network.ts."""
    import torch
    from torch import nn
    from torch.nn import functional

    class Network(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv1 = nn.Conv2d(3, 4, 3, padding=1, bias=False)
            self.bn1 = nn.BatchNorm2d(4)
            self.depthwise = nn.Conv2d(4, 4, 3, padding=1, groups=4)
            self.conv2 = nn.Conv2d(4, 6, 3, stride=2, padding=1)
            self.fc = nn.Linear(6, 3)

        def forward(self, x):
            pool = functional.max_pool2d(functional.relu(self.bn1(self.conv1(x))), 3, 2, 1)
            gated = functional.silu(self.depthwise(pool))
            active = functional.hardswish(self.conv2(gated + pool))
            means = functional.adaptive_avg_pool2d(functional.avg_pool2d(active, 2, 1), 1)
            return self.fc(torch.flatten(means, 1))

    return Network()


def trained_network():
    """A network whose running statistics are no longer the initial ones."""
    import torch

    torch.manual_seed(3)
    module = network()
    module.train()
    for _ in range(5):
        module(torch.randn(8, 3, 9, 8) * 2 + 1)
    return module.eval()


def torch_answers(module, directory):
    import torch

    with torch.no_grad():
        images = torch.from_numpy(normalised(directory).transpose(0, 3, 1, 2).copy())
        module.eval()(images).numpy().tofile(directory / "logits.bin")


def check(path):
    import onnx

    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    inputs, outputs = model.graph.input, model.graph.output
    assert [value.name for value in inputs] == ["pixels"], inputs
    assert inputs[0].type.tensor_type.elem_type == onnx.TensorProto.UINT8
    assert inputs[0].type.tensor_type.shape.dim[0].dim_param == "batch"
    assert [value.name for value in outputs] == ["probabilities"], outputs
    names = {entry.key for entry in model.metadata_props}
    assert {"classNames", "inputLayout", "channelMean", "channelStandardDeviation"} <= names, names


def predict(path, directory):
    import onnxruntime

    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    pixels = np.load(directory / "pixels.npy")
    rows = [session.run(None, {"pixels": pixels[i : i + 32]})[0] for i in range(0, len(pixels), 32)]
    np.concatenate(rows).astype(np.float32).tofile(directory / "probabilities.bin")


def torch_predict(directory):
    from safetensors.torch import load_file

    module = network()
    module.load_state_dict(load_file(directory / "weights.safetensors"))
    torch_answers(module, directory)


def torch_save(path):
    from safetensors.torch import save_file

    module = trained_network()
    save_file(module.state_dict(), path)
    torch_answers(module, path.parent)


def torch_export(directory):
    import torch

    module = trained_network()
    torch_answers(module, directory)
    options = {"dynamo": False} if int(torch.__version__.split(".")[0]) >= 2 else {}
    names = {"input_names": ["image"], "output_names": ["scores"]}
    torch.onnx.export(module, torch.zeros(4, 3, 9, 8), directory / "fixed.onnx", **names, **options)
    dynamic = {"image": {0: "batch"}, "scores": {0: "batch"}}
    torch.onnx.export(
        module, torch.zeros(1, 3, 9, 8), directory / "dynamic.onnx", dynamic_axes=dynamic, **names, **options
    )


def keras_like(directory):
    """As tf2onnx does: NHWC outside, a Transpose before the convolution, softmax at the end."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    random = np.random.default_rng(5)
    kernel = random.normal(size=(4, 3, 3, 3)).astype(np.float32)
    dense = random.normal(size=(4, 3)).astype(np.float32)
    nodes = [
        helper.make_node("Transpose", ["image"], ["planes"], perm=[0, 3, 1, 2]),
        helper.make_node("Conv", ["planes", "kernel"], ["convolved"], pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["convolved"], ["active"]),
        helper.make_node("GlobalAveragePool", ["active"], ["pooled"]),
        helper.make_node("Flatten", ["pooled"], ["features"]),
        helper.make_node("MatMul", ["features", "dense"], ["scores"]),
        helper.make_node("Softmax", ["scores"], ["softmax"], axis=1),
    ]
    image = helper.make_tensor_value_info("image", TensorProto.FLOAT, ["unk__6", 9, 8, 3])
    softmax = helper.make_tensor_value_info("softmax", TensorProto.FLOAT, ["unk__7", 3])
    constants = [numpy_helper.from_array(kernel, "kernel"), numpy_helper.from_array(dense, "dense")]
    graph = helper.make_graph(nodes, "tf2onnx", [image], [softmax], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, directory / "keras.onnx")

    images = np.pad(np.load(directory / "pixels.npy").astype(np.float64) / 127.5 - 1, ((0, 0), (1, 1), (1, 1), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(images, (3, 3), axis=(1, 2))
    features = np.maximum(np.einsum("nijcpq,ocpq->nijo", windows, kernel), 0).mean(axis=(1, 2))
    scores = np.exp(features @ dense)
    (scores / scores.sum(axis=1, keepdims=True)).astype(np.float32).tofile(directory / "probabilities.bin")


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    globals()[command.replace("-", "_")](*map(pathlib.Path, arguments))
