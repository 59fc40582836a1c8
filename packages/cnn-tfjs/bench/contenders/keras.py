"""The default network in Keras on TensorFlow, by `fit` and `predict`. See contender.mjs in tooling/bench."""

import sys
import time

# This file's own name is that of the library.
sys.path.pop(0)
import keras
import tensorflow as tf
from images import CHANNEL_DEVIATION, CHANNEL_MEAN, labels, pixels, serve, settings
from keras import layers

tf.config.threading.set_intra_op_parallelism_threads(settings.threads)


def build_model():
    model = keras.Sequential(
        [
            keras.Input((settings.side, settings.side, 3), dtype="uint8"),
            layers.Rescaling(
                1 / (255 * CHANNEL_DEVIATION), offset=-CHANNEL_MEAN / CHANNEL_DEVIATION
            ),
        ]
    )
    for filters in (32, 64, 128):
        model.add(layers.Conv2D(filters, 3, padding="same", activation="relu"))
        model.add(layers.MaxPooling2D())
    model.add(layers.Flatten())
    model.add(layers.Dense(512, activation="relu"))
    model.add(layers.Dropout(0.5))
    model.add(layers.Dense(settings.classes))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(1e-3), loss)
    return model


class Clock(keras.callbacks.Callback):
    """Times the batches alone, without what `fit` and `predict` do before and after."""

    def on_train_begin(self, logs=None):
        self.start = None

    on_predict_begin = on_train_begin

    def on_train_batch_begin(self, batch, logs=None):
        self.start = self.start or time.perf_counter()

    def on_train_batch_end(self, batch, logs=None):
        self.seconds = time.perf_counter() - self.start

    on_predict_batch_begin = on_train_batch_begin
    on_predict_batch_end = on_train_batch_end


model = build_model()
clock = Clock()
common = dict(batch_size=settings.batchSize, verbose=0, callbacks=[clock])


def training(count):
    model.fit(pixels[:count], labels[:count], **common)
    return clock.seconds


def inference(count):
    model.predict(pixels[:count], **common)
    return clock.seconds


serve(
    f"TensorFlow {tf.__version__}, Keras {keras.__version__}",
    {"training": training, "inference": inference},
)
