# /// script
# requires-python = ">=3.10"
# dependencies = ["tensorflow>=2.16", "keras>=3", "numpy"]
# ///
"""Any network in Keras on TensorFlow."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import tensorflow as tf
from allocator import keep_freed_memory
from dlcmp_peer import PYTHON, CnnPeer, PeerError, serve
from keras_choices import choices, computed_by
from keras_network import Network
from keras_optimizer import Optimizer, clip, cross_entropy
from network import UnsupportedNode
from prefetch import prefetch


class KerasPeer(CnnPeer):
    def describe(self):
        versions = {"tensorflow": tf.__version__, "keras": keras.__version__, **PYTHON}
        cpu = {"available": True, "device": "CPU", "versions": versions}
        gpus = tf.config.list_physical_devices("GPU")
        reason = "TensorFlow finds no GPU."
        remedy = "It needs an NVIDIA GPU, its driver, and \"pip install 'tensorflow[and-cuda]'\"."
        cuda = {"available": False, "reason": reason, "remedy": remedy}
        if gpus:
            name = tf.config.experimental.get_device_details(gpus[0]).get("device_name", "GPU")
            cuda = {"available": True, "device": name, "versions": versions}
        return {
            "id": "keras",
            "displayName": "TensorFlow (CNN)",
            "family": "cnn",
            "backends": [
                {"engine": engine, "name": name, **said, "computedBy": computed_by(engine, name)}
                for engine in ("stock", "best")
                for name, said in (("cpu", cpu), ("cuda", cuda))
            ],
        }

    def build(self, spec, engine, backend, threads):
        # TensorFlow's threads are set by the environment that the harness gives, TF_NUM_…_THREADS.
        self.device = "/GPU:0" if backend == "cuda" else "/CPU:0"
        self.choices = choices(engine, backend)
        self.steps_at_once, self.images_at_once = (1, 32) if backend == "cpu" else (32, 1024)
        if self.choices.keeps_freed_memory:
            keep_freed_memory()
        size = (spec["inputHeight"], spec["inputWidth"], len(spec["classNames"]))
        try:
            with tf.device(self.device):
                self.network = Network(spec["network"], *size)
        except UnsupportedNode as error:
            raise PeerError("INVALID_ARGUMENT", f"It does not compute {error}.")
        self.variables = self.network.variables()
        self.learning, self.optimizer = None, None
        self.predict_logits = self.function(
            lambda pixels: self.network.inference(pixels, training=False),
            self.choices.compiles_inference,
        )

    def function(self, compute, compiles):
        # XLA makes a program for each size of batches; TensorFlow has one for all.
        if compiles:
            return tf.function(compute, jit_compile=True)
        return tf.function(compute, reduce_retracing=True)

    def batches(self, params):
        batches = super().batches(params)
        return prefetch(batches) if self.choices.prepares_batches else batches

    def restart(self, weights):
        with tf.device(self.device):
            self.network.load(weights)
            if self.optimizer:
                self.optimizer.forget()

    def inputs(self, batch):
        network = self.network
        masks = [network.mask(node, batch.masks[node.name]) for node in network.dropouts]
        return [tf.constant(array) for array in (batch.pixels, *masks)]

    def gradients_of(self, inputs, labels, smoothing):
        with tf.GradientTape() as tape:
            logits = self.network.training(inputs, training=True)
            loss = cross_entropy(logits, labels, smoothing)
        return loss, tape.gradient(loss, list(self.variables.values()))

    def prepare(self, learning):
        """A step of these settings, as one graph."""
        if self.learning == learning:
            return
        self.learning = learning
        factors = [learning.rate_factors.get(name, 1) for name in self.variables]
        self.optimizer = Optimizer(list(self.variables.values()), learning.optimizer, factors)

        def step(inputs, labels, rate):
            loss, gradients = self.gradients_of(inputs, labels, learning.label_smoothing)
            norm = None
            if learning.gradient_clipping is not None:
                gradients, norm = clip(gradients, learning.gradient_clipping)
            self.optimizer.apply(gradients, rate)
            return loss, norm

        self.step = self.function(step, self.choices.compiles_training)

    def train_step(self, batch, rate, learning):
        with tf.device(self.device):
            self.prepare(learning)
            rate = tf.constant(rate, tf.float32)
            return self.step(self.inputs(batch), tf.constant(batch.labels), rate)

    def loss_and_gradients(self, batch, smoothing):
        network = self.network
        state = {name: tf.identity(variable) for name, variable in network.state().items()}
        with tf.device(self.device):
            inputs, labels = self.inputs(batch), tf.constant(batch.labels)
            loss, gradients = self.gradients_of(inputs, labels, smoothing)
        for name, variable in network.state().items():
            variable.assign(state[name])
        named = zip(self.variables, gradients)
        return float(loss), {n: network.to_pytorch(n, g.numpy()) for n, g in named}

    def logits(self, pixels):
        with tf.device(self.device):
            return self.predict_logits(tf.constant(pixels)).numpy()

    def probabilities(self, pixels):
        return tf.nn.softmax(self.logits(pixels)).numpy()

    def weights(self):
        named = {**self.network.variables(), **self.network.state()}
        return {name: self.network.to_pytorch(name, v.numpy()) for name, v in named.items()}


if __name__ == "__main__":
    serve(KerasPeer())
