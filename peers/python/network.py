"""Networks as dlcmp describes them (docs/peer-protocol.md), with every default filled in and every shape worked out.

What a framework builds from: no framework is imported here.
"""

from dataclasses import dataclass

IMAGE = "image"
IMAGENET = {"mean": (0.485, 0.456, 0.406), "standardDeviation": (0.229, 0.224, 0.225)}

DEFAULTS = {
    "conv2d": {"stride": 1, "padding": 0, "dilation": 1, "groups": 1, "bias": True},
    "batchNorm": {"epsilon": 1e-5, "momentum": 0.1},
    "leakyRelu": {"negativeSlope": 0.01},
    "gelu": {"approximation": "none"},
    "maxPool": {"stride": None, "padding": 0},
    "averagePool": {"stride": None, "padding": 0, "countPadding": True},
    "dense": {"bias": True},
    "dropout": {"rate": 0.5},
}


class UnsupportedNode(Exception):
    """A node that a framework does not compute, by its name."""

    def __init__(self, node, reason):
        super().__init__(f'node "{node.name}" ({node.type}): {reason}')


@dataclass(frozen=True)
class Window:
    """A kernel or pool: (height, width) each, and zeros on each side of the image."""

    kernel: tuple
    stride: tuple
    dilation: tuple
    top: int
    bottom: int
    left: int
    right: int
    # Whether the padding is TensorFlow's SAME.
    is_same: bool

    @property
    def is_padded(self):
        return any((self.top, self.bottom, self.left, self.right))

    @property
    def is_symmetric(self):
        return self.top == self.bottom and self.left == self.right


@dataclass(frozen=True)
class Node:
    name: str
    type: str
    inputs: tuple
    options: dict
    # [channels, height, width] or [values], without the batch.
    input_shapes: tuple
    shape: tuple
    window: Window = None


def input_of(description, height, width):
    """Shape and type of an image as it comes, or of the features in its place."""
    features = description.get("features")
    return (tuple(features), "float32") if features else ((height, width, 3), "uint8")


def normalisation(description):
    return description.get("normalisation") or IMAGENET


def resolve(description, height, width, classes):
    """The nodes of `description` for images of one size, each after those that it reads."""
    nodes = []
    shapes = {IMAGE: tuple(description.get("features") or (3, height, width))}
    for position, given in enumerate(description["nodes"], 1):
        options = {**DEFAULTS.get(given["type"], {}), **given}
        kind = options.pop("type")
        name = options.pop("name", f"{kind}{position}")
        inputs = tuple(options.pop("inputs", (nodes[-1].name if nodes else IMAGE,)))
        if options.get("units") == "classes":
            options["units"] = classes
        input_shapes = tuple(shapes[name] for name in inputs)
        window = window_of(options, input_shapes[0]) if "kernelSize" in options else None
        shape = shape_of(kind, options, input_shapes, window)
        nodes.append(Node(name, kind, inputs, options, input_shapes, shape, window))
        shapes[name] = shape
    return nodes


def last_readers(nodes):
    """By position: names of the values that no later node reads."""
    last = {name: at for at, node in enumerate(nodes) for name in node.inputs}
    return [[name for name, reader in last.items() if reader == at] for at in range(len(nodes))]


def pair(value):
    return tuple(value) if isinstance(value, (list, tuple)) else (value, value)


def window_of(options, shape):
    kernel = pair(options["kernelSize"])
    stride = kernel if options["stride"] is None else pair(options["stride"])
    dilation = pair(options.get("dilation", 1))
    same = [same_padding(*axis) for axis in zip(shape[1:], kernel, stride, dilation)]
    padding = options["padding"]
    if padding == "same":
        sides = same
    elif isinstance(padding, dict):
        sides = [(padding["top"], padding["bottom"]), (padding["left"], padding["right"])]
    else:
        sides = [(zeros, zeros) for zeros in pair(padding)]
    return Window(kernel, stride, dilation, *sides[0], *sides[1], [*map(tuple, sides)] == same)


def same_padding(side, kernel, stride, dilation):
    reach = (kernel - 1) * dilation + 1
    total = max((-(-side // stride) - 1) * stride + reach - side, 0)
    return total // 2, total - total // 2


def positions(window, shape):
    """Rows and columns that the window stands at."""
    padded = (shape[1] + window.top + window.bottom, shape[2] + window.left + window.right)
    axes = zip(padded, window.kernel, window.stride, window.dilation)
    return tuple((side - (k - 1) * d - 1) // s + 1 for side, k, s, d in axes)


def shape_of(kind, options, inputs, window):
    first = inputs[0]
    if kind == "conv2d":
        return (options["channels"], *positions(window, first))
    if kind in ("maxPool", "averagePool"):
        return (first[0], *positions(window, first))
    if kind == "globalAveragePool":
        return (first[0], 1, 1)
    if kind == "flatten":
        return (size_of(first),)
    if kind == "dense":
        return (options["units"],)
    if kind in ("add", "multiply"):
        return max(inputs, key=size_of)
    if kind == "concat":
        return (sum(shape[0] for shape in inputs), *first[1:])
    return first


def size_of(shape):
    size = 1
    for side in shape:
        size *= side
    return size
