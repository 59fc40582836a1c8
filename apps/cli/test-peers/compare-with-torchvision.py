"""Holds the PyTorch peer's networks against torchvision's with the same random weights, which load by name.

In apps/cli, with a Python that has torch and torchvision: python3 test-peers/compare-with-torchvision.py
"""

import json
import subprocess
import sys
from pathlib import Path

import torch
import torchvision

sys.path.insert(0, str(Path(__file__).parents[3] / "peers" / "python"))
from pytorch_network import Network

DESCRIBE = "import { namedNetwork } from '@dlcmp/contract'; console.log(JSON.stringify(namedNetwork(process.argv[1])));"
PAIRS = {"resnet-18": "resnet18", "mobilenet-v2": "mobilenet_v2"}
SIDE, CLASSES = 96, 1000

torch.manual_seed(0)
for name, theirs in PAIRS.items():
    command = ["node", "--input-type=module", "-e", DESCRIBE, name]
    description = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    model = getattr(torchvision.models, theirs)(weights=None, num_classes=CLASSES).eval()
    for tensor_name, tensor in model.state_dict().items():
        if tensor_name.endswith("running_mean"):
            tensor.normal_(0, 0.1)
        if tensor_name.endswith("running_var"):
            tensor.uniform_(0.5, 1.5)
    network = Network(description, SIDE, SIDE, CLASSES).eval()
    network.load(model.state_dict())
    pixels = torch.randint(0, 256, (4, SIDE, SIDE, 3), dtype=torch.uint8)
    normalised = ((pixels - network.mean) / network.deviation).permute(0, 3, 1, 2)
    with torch.inference_mode():
        expected, actual = model(normalised), network(pixels)
    apart = (actual - expected).abs().max().item()
    names = {key for key in model.state_dict() if not key.endswith("num_batches_tracked")}
    assert names == {*network.named_weights(), *network.named_state()}, name
    assert apart < 1e-4, f"{name}: logits are {apart} apart."
    print(f"{name}: {len(names)} tensors by name, logits {apart:.1e} apart, the largest {expected.abs().max():.2f}")
