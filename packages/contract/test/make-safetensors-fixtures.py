"""Writes fixtures/*.safetensors: files of each kind that the reference implementation writes.

Run with Python 3, numpy and safetensors installed:

    python3 make-safetensors-fixtures.py
"""

from pathlib import Path

import numpy
from safetensors.numpy import save_file

fixtures = Path(__file__).parent / "fixtures"
fixtures.mkdir(exist_ok=True)
ramp = numpy.arange(6, dtype=numpy.float32).reshape(2, 3) / 4
tensors = {"fc2.weight": ramp, "fc2.bias": numpy.array([-1, 2.5], numpy.float32)}
save_file(tensors, fixtures / "plain.safetensors")
save_file(tensors, fixtures / "metadata.safetensors", {"format": "pt"})
save_file({"scalar": numpy.array(3, numpy.float32)}, fixtures / "scalar.safetensors")
save_file({"half": ramp.astype(numpy.float16)}, fixtures / "half.safetensors")
