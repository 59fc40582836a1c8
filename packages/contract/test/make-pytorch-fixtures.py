"""Writes the .pth files of pytorch-file.test.ts: python3 make-pytorch-fixtures.py (torch)."""

from collections import OrderedDict
from pathlib import Path

import torch

FOLDER = Path(__file__).parent / "fixtures"


class Harmful:
    """What a pickle can do: call any function when it is opened."""

    def __reduce__(self):
        return print, ("code of the file has run",)


torch.manual_seed(3)
matrix = torch.arange(6, dtype=torch.float32).reshape(2, 3) / 4
state = OrderedDict()
state["fc.weight"] = matrix
# A view with other strides and an offset, as torch.save keeps them.
state["fc.turned"] = matrix.t()
state["fc.row"] = matrix[1]
state["bn.num_batches_tracked"] = torch.tensor(7)
state["scalar"] = torch.tensor(0.5)

torch.save(state, FOLDER / "tensors.pth")
torch.save({"epoch": 3, "state_dict": state}, FOLDER / "tensors-legacy.pth", _use_new_zipfile_serialization=False)
torch.save({"fc.weight": matrix, "code": Harmful()}, FOLDER / "harmful.pth")
torch.save({"fc.weight": matrix.double()}, FOLDER / "float64.pth")
