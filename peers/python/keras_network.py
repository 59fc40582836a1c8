"""Any network of dlcmp's description as a Keras model (TensorFlow backend), with PyTorch's semantics.

Images are [size, height, width, channels] here and [size, channels, height, width] in the description; weights go
between both layouts by `to_keras` and `to_pytorch`.
"""

import keras
import numpy as np
import tensorflow as tf
from keras import layers
from network import UnsupportedNode, input_of, normalisation, resolve

LOWEST = float(np.finfo(np.float32).min)


class BatchNorm(layers.BatchNormalization):
    """Keras', but that the running variance takes in the batch's unbiased one, as PyTorch's does."""

    def call(self, inputs, training=None, mask=None):
        if not training:
            return super().call(inputs, training=False)
        kept = self.momentum * tf.identity(self.moving_variance.value)
        outputs = super().call(inputs, training=True)
        count = tf.cast(tf.size(inputs) / tf.shape(inputs)[-1], inputs.dtype)
        unbiased = count / tf.maximum(count - 1, 1)
        self.moving_variance.assign(kept + (self.moving_variance - kept) * unbiased)
        return outputs


class Network:
    """`training` takes images as bytes and dropout nodes' masks in their order, `inference` images; both give logits."""

    def __init__(self, description, height, width, classes):
        self.nodes = resolve(description, height, width, classes)
        self.dropouts = [node for node in self.nodes if node.type == "dropout"]
        # By dense node: the image that its input was flattened from, channels first.
        self.flattened = {}
        parts = {node.name: self.layer_of(node) for node in self.nodes if node.type != "dropout"}
        self.layers = {name: weighted(layer) for name, layer in parts.items()}
        shape, kind = input_of(description, height, width)
        pixels = keras.Input(shape, dtype=kind)
        masks = {node.name: keras.Input(channels_last(node.shape)) for node in self.dropouts}
        scaled = prepared(pixels, description)
        self.training = keras.Model([pixels, *masks.values()], self.connect(parts, scaled, masks))
        self.inference = keras.Model(pixels, self.connect(parts, scaled, None))

    def connect(self, parts, scaled, masks):
        values = {"image": scaled}
        for node in self.nodes:
            inputs = [values[name] for name in node.inputs]
            x = inputs if len(inputs) > 1 else inputs[0]
            if node.type != "dropout":
                x = parts[node.name](x)
            elif masks is not None:
                x = x * masks[node.name] / (1 - node.options["rate"])
            values[node.name] = x
        return x

    def layer_of(self, node):
        if node.type == "flatten":
            return self.flatten(node)
        if node.type not in LAYERS:
            raise UnsupportedNode(node, f"the Keras peer knows {', '.join(LAYERS)}")
        return LAYERS[node.type](node)

    def flatten(self, node):
        """Where one dense node reads it, its weights are put into Keras' order; elsewhere the values are."""
        readers = [reader for reader in self.nodes if node.name in reader.inputs]
        shape = node.input_shapes[0]
        if [reader.type for reader in readers] == ["dense"]:
            self.flattened[readers[0].name] = shape
        elif len(shape) == 3:
            return keras.Sequential([layers.Permute((3, 1, 2)), layers.Flatten()])
        return layers.Flatten()

    def variables(self):
        """Trainable, under dlcmp's names."""
        return self.named({"kernel": "weight", "bias": "bias", "gamma": "weight", "beta": "bias"})

    def state(self):
        return self.named({"moving_mean": "running_mean", "moving_variance": "running_var"})

    def named(self, names):
        return {
            f"{node}.{names[variable.name]}": variable.value
            for node, layer in self.layers.items()
            for variable in layer.weights
            if variable.name in names
        }

    def load(self, weights):
        for name, variable in {**self.variables(), **self.state()}.items():
            variable.assign(self.to_keras(name, np.asarray(weights[name])))

    def mask(self, node, mask):
        """[size, values] as PyTorch has them to Keras' layout, as floats."""
        array = mask.reshape(-1, *node.shape).astype(np.float32)
        return array.transpose(0, 2, 3, 1) if array.ndim == 4 else array

    def to_keras(self, name, array):
        node = name.rpartition(".")[0]
        if array.ndim == 4:
            kernel = array.transpose(2, 3, 1, 0)
            return kernel.reshape(self.layers[node].kernel.shape)
        if array.ndim == 2 and node in self.flattened:
            ordered = array.reshape(-1, *self.flattened[node]).transpose(0, 2, 3, 1)
            return ordered.reshape(array.shape).T
        return array.T

    def to_pytorch(self, name, array):
        node = name.rpartition(".")[0]
        if array.ndim == 4:
            height, width, inputs, outputs = array.shape
            if isinstance(self.layers[node], layers.DepthwiseConv2D):
                inputs, outputs = 1, inputs * outputs
            return array.reshape(height, width, inputs, outputs).transpose(3, 2, 0, 1)
        if array.ndim == 2 and node in self.flattened:
            channels, height, width = self.flattened[node]
            ordered = array.T.reshape(-1, height, width, channels).transpose(0, 3, 1, 2)
            return ordered.reshape(array.shape[::-1])
        return array.T


def prepared(inputs, description):
    """Images scaled; features as they are, with their channels last."""
    if "features" not in description:
        return scale(inputs, normalisation(description))
    return layers.Permute((2, 3, 1))(inputs) if len(inputs.shape) == 4 else inputs


def scale(pixels, constants):
    variance = np.square(constants["standardDeviation"])
    x = layers.Rescaling(1 / 255)(pixels)
    return layers.Normalization(mean=constants["mean"], variance=variance)(x)


def channels_last(shape):
    return (*shape[1:], shape[0])


def weighted(layer):
    """The layer that has the weights: padding stands before it."""
    return layer.layers[-1] if isinstance(layer, keras.Sequential) else layer


def conv2d(node):
    window, options = node.window, node.options
    inputs, groups = node.input_shapes[0][0], options["groups"]
    settings = {
        "strides": window.stride,
        "dilation_rate": window.dilation,
        "use_bias": options["bias"],
        "padding": "same" if window.is_same else "valid",
    }
    if max(window.stride) > 1 and max(window.dilation) > 1:
        raise UnsupportedNode(node, "Keras has no convolution with both stride and dilation")
    is_depthwise = groups == inputs and window.stride[0] == window.stride[1]
    if is_depthwise and groups > 1:
        multiplier = options["channels"] // groups
        layer = layers.DepthwiseConv2D(window.kernel, depth_multiplier=multiplier, **settings)
    else:
        layer = layers.Conv2D(options["channels"], window.kernel, groups=groups, **settings)
    return padded(window, layer)


def padded(window, layer, value=0.0):
    if window.is_same or not window.is_padded:
        return layer
    return keras.Sequential([padding(window, value), layer])


def padding(window, value=0.0):
    sides = ((window.top, window.bottom), (window.left, window.right))
    if value == 0:
        return layers.ZeroPadding2D(sides)
    around = ((0, 0), *sides, (0, 0))
    return layers.Lambda(lambda x: keras.ops.pad(x, around, constant_values=value))


def max_pool(node):
    window = node.window
    kind = "same" if window.is_same else "valid"
    return padded(window, layers.MaxPooling2D(window.kernel, window.stride, kind), LOWEST)


def average_pool(node):
    """TensorFlow's SAME leaves padding out of the mean."""
    window = node.window
    pool = layers.AveragePooling2D(window.kernel, window.stride)
    if not window.is_padded:
        return pool
    if node.options["countPadding"]:
        return keras.Sequential([padding(window), pool])
    if window.is_same:
        return layers.AveragePooling2D(window.kernel, window.stride, "same")
    pixels = np.ones((1, *channels_last(node.input_shapes[0])), np.float32)
    share = np.asarray(pool(padding(window)(pixels)))
    return keras.Sequential([padding(window), pool, layers.Lambda(lambda x: x / share)])


def batch_norm(node):
    options = node.options
    return BatchNorm(momentum=1 - options["momentum"], epsilon=options["epsilon"])


def activation(function):
    return lambda node: layers.Activation(function)


def gelu(node):
    approximate = node.options["approximation"] == "tanh"
    return layers.Activation(lambda x: keras.activations.gelu(x, approximate=approximate))


LAYERS = {
    "conv2d": conv2d,
    "batchNorm": batch_norm,
    "relu": activation("relu"),
    "relu6": activation("relu6"),
    "leakyRelu": lambda node: layers.LeakyReLU(node.options["negativeSlope"]),
    "silu": activation("silu"),
    "hardSwish": activation("hard_silu"),
    "gelu": gelu,
    "sigmoid": activation("sigmoid"),
    "maxPool": max_pool,
    "averagePool": average_pool,
    "globalAveragePool": lambda node: layers.GlobalAveragePooling2D(keepdims=True),
    "add": lambda node: layers.Add(),
    "multiply": lambda node: layers.Multiply(),
    "concat": lambda node: layers.Concatenate(),
    "dense": lambda node: layers.Dense(node.options["units"], use_bias=node.options["bias"]),
}
