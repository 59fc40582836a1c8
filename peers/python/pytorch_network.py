"""Any network of dlcmp's description as a PyTorch module, every node a layer of PyTorch's own."""

import torch
from network import UnsupportedNode, last_readers, normalisation, resolve
from torch import nn
from torch.nn import functional as F


class Network(nn.Module):
    """Takes images [size, height, width, 3] as bytes, or the features in their place; gives logits [size, classes].

    `masks` holds what dropout nodes keep, [size, values] by their names; without them nothing is dropped.
    """

    def __init__(self, description, height, width, classes):
        super().__init__()
        self.nodes = resolve(description, height, width, classes)
        self.layers = nn.ModuleList(layer_of(node) for node in self.nodes)
        self.read_for_the_last_time = last_readers(self.nodes)
        self.takes_features = "features" in description
        scale = normalisation(description)
        self.register_buffer("mean", 255 * torch.tensor(scale["mean"]))
        self.register_buffer("deviation", 255 * torch.tensor(scale["standardDeviation"]))

    def forward(self, pixels, masks=None):
        values = {"image": pixels if self.takes_features else self.normalise(pixels)}
        for node, layer, done in zip(self.nodes, self.layers, self.read_for_the_last_time):
            inputs = [values[name] for name in node.inputs]
            if node.type == "dropout" and masks is not None:
                inputs.append(masks[node.name])
            values[node.name] = layer(*inputs)
            for name in done:
                del values[name]
        return values[self.nodes[-1].name]

    def normalise(self, pixels):
        return ((pixels - self.mean) / self.deviation).permute(0, 3, 1, 2)

    def named_weights(self):
        """What gradients are of, under dlcmp's names, which are those of torchvision's networks too."""
        return {
            f"{node.name}.{name.rsplit('.')[-1]}": parameter
            for node, layer in zip(self.nodes, self.layers)
            for name, parameter in layer.named_parameters()
        }

    def named_state(self):
        """Running statistics."""
        return {
            f"{node.name}.{name}": buffer
            for node, layer in zip(self.nodes, self.layers)
            for name, buffer in layer.named_buffers()
            if name in ("running_mean", "running_var")
        }

    @torch.no_grad()
    def load(self, weights):
        """Copies arrays or tensors by name, such as a state dict of torchvision's."""
        for name, tensor in {**self.named_weights(), **self.named_state()}.items():
            value = weights[name]
            tensor.copy_(value if isinstance(value, torch.Tensor) else torch.tensor(value))


class Dropout(nn.Module):
    """By a mask that is given, as every framework has the same."""

    def __init__(self, node):
        super().__init__()
        self.shape, self.rate = node.shape, node.options["rate"]

    def forward(self, x, mask=None):
        return x if mask is None else x * mask.reshape(-1, *self.shape) / (1 - self.rate)


class Join(nn.Module):
    """A function of several inputs."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, *inputs):
        return self.function(*inputs)


class MeanWithoutPadding(nn.Module):
    """Mean over the pixels alone, with other padding at the bottom and right than at the top and left."""

    def __init__(self, pad, pool, shape):
        super().__init__()
        self.pad, self.pool = pad, pool
        self.register_buffer("share", pool(pad(torch.ones(1, 1, *shape[1:]))))

    def forward(self, x):
        return self.pool(self.pad(x)) / self.share


def layer_of(node):
    if node.type not in LAYERS:
        raise UnsupportedNode(node, f"the PyTorch peer knows {', '.join(LAYERS)}")
    return LAYERS[node.type](node)


def conv2d(node):
    window, options = node.window, node.options
    convolution = nn.Conv2d(
        node.input_shapes[0][0],
        options["channels"],
        window.kernel,
        window.stride,
        (window.top, window.left) if window.is_symmetric else 0,
        window.dilation,
        options["groups"],
        options["bias"],
    )
    return convolution if window.is_symmetric else nn.Sequential(zeros_around(window), convolution)


def zeros_around(window):
    return nn.ZeroPad2d((window.left, window.right, window.top, window.bottom))


def max_pool(node):
    window = node.window
    if window.is_symmetric:
        return nn.MaxPool2d(window.kernel, window.stride, (window.top, window.left))
    sides = (window.left, window.right, window.top, window.bottom)
    pad = nn.ConstantPad2d(sides, float("-inf"))
    return nn.Sequential(pad, nn.MaxPool2d(window.kernel, window.stride))


def average_pool(node):
    window, counts = node.window, node.options["countPadding"]
    if window.is_symmetric:
        padding = (window.top, window.left)
        return nn.AvgPool2d(window.kernel, window.stride, padding, count_include_pad=counts)
    pool = nn.AvgPool2d(window.kernel, window.stride)
    if counts:
        return nn.Sequential(zeros_around(window), pool)
    return MeanWithoutPadding(zeros_around(window), pool, node.input_shapes[0])


def batch_norm(node):
    return nn.BatchNorm2d(node.shape[0], node.options["epsilon"], node.options["momentum"])


LAYERS = {
    "conv2d": conv2d,
    "batchNorm": batch_norm,
    "relu": lambda node: nn.ReLU(),
    "relu6": lambda node: nn.ReLU6(),
    "leakyRelu": lambda node: nn.LeakyReLU(node.options["negativeSlope"]),
    "silu": lambda node: nn.SiLU(),
    "hardSwish": lambda node: nn.Hardswish(),
    "gelu": lambda node: nn.GELU(node.options["approximation"]),
    "sigmoid": lambda node: nn.Sigmoid(),
    "maxPool": max_pool,
    "averagePool": average_pool,
    "globalAveragePool": lambda node: nn.AdaptiveAvgPool2d(1),
    "add": lambda node: Join(torch.add),
    "multiply": lambda node: Join(torch.mul),
    "concat": lambda node: Join(lambda *inputs: torch.cat(inputs, 1)),
    "flatten": lambda node: nn.Flatten(),
    "dense": lambda node: nn.Linear(
        node.input_shapes[0][0], node.options["units"], node.options["bias"]
    ),
    "dropout": Dropout,
}


def parameter_groups(model, rate_factors):
    """Weights by what their learning rate is multiplied by."""
    groups = {}
    for name, parameter in model.named_weights().items():
        groups.setdefault(rate_factors.get(name, 1), []).append(parameter)
    return [{"params": params, "rate_factor": factor} for factor, params in groups.items()]


def create_optimizer(parameters, settings, fused):
    """PyTorch's own optimiser as the protocol describes it; `fused`: all in one kernel."""
    decay = settings["weightDecay"]
    # Old versions know no fused updates, and not the option.
    kernels = {"fused": True} if fused else {}
    if settings["kind"] == "sgd":
        momentum, nesterov = settings["momentum"], settings["nesterov"]
        return torch.optim.SGD(
            parameters, 0.0, momentum, nesterov=nesterov, weight_decay=decay, **kernels
        )
    family = {"adam": torch.optim.Adam, "adamW": torch.optim.AdamW}[settings["kind"]]
    return family(parameters, 0.0, settings["betas"], settings["epsilon"], decay, **kernels)


def cross_entropy(logits, labels, smoothing):
    return F.cross_entropy(logits, labels, label_smoothing=smoothing)
