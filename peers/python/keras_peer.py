# /// script
# requires-python = ">=3.10"
# dependencies = ["tensorflow>=2.16", "keras>=3", "numpy"]
# ///
"""simple-cnn in Keras on TensorFlow."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
import tensorflow as tf
from dlcmp_peer import CHANNEL_MEAN, CHANNEL_STANDARD_DEVIATION, PYTHON, CnnPeer, serve
from keras import layers


def build_model(height, width, classes, channels, hidden, dropout_rate):
    pixels = keras.Input((height, width, 3), dtype="uint8")
    mask = keras.Input((hidden,), dtype="uint8")
    variance = np.square(CHANNEL_STANDARD_DEVIATION)
    x = layers.Rescaling(1 / 255)(pixels)
    x = layers.Normalization(mean=CHANNEL_MEAN, variance=variance)(x)
    for number, filters in enumerate(channels, 1):
        x = layers.Conv2D(filters, 3, padding="same", activation="relu", name=f"conv{number}")(x)
        x = layers.MaxPooling2D()(x)
    x = layers.Dense(hidden, activation="relu", name="fc1")(layers.Flatten()(x))
    dropped = x * keras.ops.cast(mask, "float32") / (1 - dropout_rate)
    last = layers.Dense(classes, name="fc2")
    return keras.Model([pixels, mask], last(dropped)), keras.Model(pixels, last(x))


class Layouts:
    """Between Keras' layouts (HWIO, [in, out], HWC) and PyTorch's (OIHW, [out, in], CHW)."""

    def __init__(self, height, width, channels):
        self.flattened = (height // 8, width // 8, channels[-1])

    def from_pytorch(self, name, array):
        if array.ndim == 4:
            return array.transpose(2, 3, 1, 0)
        if name == "fc1.weight":
            h, w, c = self.flattened
            return array.reshape(-1, c, h, w).transpose(2, 3, 1, 0).reshape(h * w * c, -1)
        return array.T

    def to_pytorch(self, name, array):
        if array.ndim == 4:
            return array.transpose(3, 2, 0, 1)
        if name == "fc1.weight":
            return array.reshape(*self.flattened, -1).transpose(3, 2, 0, 1).reshape(array.shape[::-1])
        return array.T


class KerasPeer(CnnPeer):
    def describe(self):
        versions = {"tensorflow": tf.__version__, "keras": keras.__version__, **PYTHON}
        cpu = {"name": "cpu", "available": True, "device": "CPU", "versions": versions}
        gpus = tf.config.list_physical_devices("GPU")
        reason = "TensorFlow finds no GPU."
        remedy = "It needs an NVIDIA GPU, its driver, and \"pip install 'tensorflow[and-cuda]'\"."
        cuda = {"name": "cuda", "available": False, "reason": reason, "remedy": remedy}
        if gpus:
            name = tf.config.experimental.get_device_details(gpus[0]).get("device_name", "GPU")
            cuda = {"name": "cuda", "available": True, "device": name, "versions": versions}
        return {
            "id": "keras",
            "displayName": "TensorFlow (CNN)",
            "family": "cnn",
            "backends": [cpu, cuda],
        }

    def build(self, spec, backend, threads):
        # TensorFlow's threads are set by the environment that the harness gives, TF_NUM_…_THREADS.
        sizes = spec["architecture"]
        height, width, channels = spec["inputHeight"], spec["inputWidth"], sizes["channels"]
        self.layouts = Layouts(height, width, channels)
        self.device = "/GPU:0" if backend == "cuda" else "/CPU:0"
        with tf.device(self.device):
            self.training, self.inference = build_model(
                height,
                width,
                len(spec["classNames"]),
                channels,
                sizes["hiddenUnits"],
                sizes["dropoutRate"],
            )
            self.variables = {
                f"{layer}.{part}": variable.value
                for layer in ("conv1", "conv2", "conv3", "fc1", "fc2")
                for part, variable in zip(
                    ("weight", "bias"), self.training.get_layer(layer).trainable_weights
                )
            }
            self.moments = [
                [tf.Variable(tf.zeros_like(v)) for v in self.variables.values()] for _ in range(2)
            ]
        self.step = tf.function(self.training_step, reduce_retracing=True)
        self.predict_logits = tf.function(self.inference, reduce_retracing=True)

    def restart(self, weights):
        self.steps = 0
        for name, variable in self.variables.items():
            variable.assign(self.layouts.from_pytorch(name, weights[name]))
        for moment in self.moments:
            for variable in moment:
                variable.assign(tf.zeros_like(variable))

    def gradients_of(self, pixels, mask, labels):
        with tf.GradientTape() as tape:
            logits = self.training([pixels, mask])
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)
            loss = tf.reduce_mean(losses)
        return loss, tape.gradient(loss, list(self.variables.values()))

    def training_step(self, pixels, mask, labels, power1, power2, rate, beta1, beta2, epsilon):
        loss, gradients = self.gradients_of(pixels, mask, labels)
        # TensorFlow adds epsilon to the uncorrected root, PyTorch to the corrected one.
        epsilon = epsilon * tf.sqrt(1 - power2)
        for variable, m, v, gradient in zip(self.variables.values(), *self.moments, gradients):
            tf.raw_ops.ResourceApplyAdam(
                var=variable.handle,
                m=m.handle,
                v=v.handle,
                beta1_power=power1,
                beta2_power=power2,
                lr=rate,
                beta1=beta1,
                beta2=beta2,
                epsilon=epsilon,
                grad=gradient,
            )
        return loss

    def train_step(self, batch, learningRate, beta1, beta2, epsilon):
        self.steps += 1
        powers = (beta1**self.steps, beta2**self.steps)
        rates = (*powers, learningRate, beta1, beta2, epsilon)
        arrays = (batch.pixels, np.array(batch.mask), batch.labels)
        with tf.device(self.device):
            return float(self.step(*map(tf.constant, arrays), *map(tf.constant, rates)))

    def loss_and_gradients(self, batch):
        with tf.device(self.device):
            loss, gradients = self.gradients_of(batch.pixels, batch.mask, batch.labels)
        named = zip(self.variables, gradients)
        return float(loss), {n: self.layouts.to_pytorch(n, g.numpy()) for n, g in named}

    def logits(self, pixels):
        with tf.device(self.device):
            return self.predict_logits(tf.constant(pixels)).numpy()

    def probabilities(self, pixels):
        return tf.nn.softmax(self.logits(pixels)).numpy()

    def weights(self):
        named = self.variables.items()
        return {name: self.layouts.to_pytorch(name, v.numpy()) for name, v in named}


serve(KerasPeer())
