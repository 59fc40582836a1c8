"""TensorFlow's own update kernels with PyTorch's settings."""

import tensorflow as tf

# PyTorch's clip_grad_norm_ adds it to the norm.
NORM_EPSILON = 1e-6


class Optimizer:
    """Moments of each variable, and the update of all; `settings` are the protocol's, `factors` what each one's rate is multiplied by."""

    def __init__(self, variables, settings, factors):
        self.variables, self.settings, self.factors = variables, settings, factors
        moments = {"sgd": 1 if settings.get("momentum") else 0}.get(settings["kind"], 2)
        self.moments = [[tf.Variable(tf.zeros_like(v)) for v in variables] for _ in range(moments)]
        self.steps = tf.Variable(0, dtype=tf.int64)

    def forget(self):
        self.steps.assign(0)
        for moment in self.moments:
            for variable in moment:
                variable.assign(tf.zeros_like(variable))

    def apply(self, gradients, rate):
        self.steps.assign_add(1)
        decay, kind = self.settings["weightDecay"], self.settings["kind"]
        rates = [rate * factor for factor in self.factors]
        if decay and kind == "adamW":
            for variable, own in zip(self.variables, rates):
                variable.assign(variable * (1 - own * decay))
        elif decay:
            gradients = [g + decay * v for g, v in zip(gradients, self.variables)]
        update = self.descend if kind == "sgd" else self.adapt
        update(gradients, rates)

    def descend(self, gradients, rates):
        momentum, nesterov = self.settings["momentum"], self.settings["nesterov"]
        if not momentum:
            for variable, rate, gradient in zip(self.variables, rates, gradients):
                tf.raw_ops.ResourceApplyGradientDescent(
                    var=variable.handle, alpha=rate, delta=gradient
                )
            return
        for variable, velocity, rate, gradient in zip(
            self.variables, *self.moments, rates, gradients
        ):
            tf.raw_ops.ResourceApplyMomentum(
                var=variable.handle,
                accum=velocity.handle,
                lr=rate,
                grad=gradient,
                momentum=momentum,
                use_nesterov=nesterov,
            )

    def adapt(self, gradients, rates):
        beta1, beta2 = self.settings["betas"]
        steps = tf.cast(self.steps, tf.float64)
        powers = [tf.pow(tf.constant(beta, tf.float64), steps) for beta in (beta1, beta2)]
        # TensorFlow adds epsilon to the uncorrected root, PyTorch to the corrected one.
        epsilon = self.settings["epsilon"] * tf.sqrt(1 - powers[1])
        for variable, m, v, rate, gradient in zip(
            self.variables, *self.moments, rates, gradients
        ):
            tf.raw_ops.ResourceApplyAdam(
                var=variable.handle,
                m=m.handle,
                v=v.handle,
                beta1_power=tf.cast(powers[0], tf.float32),
                beta2_power=tf.cast(powers[1], tf.float32),
                lr=rate,
                beta1=beta1,
                beta2=beta2,
                epsilon=tf.cast(epsilon, tf.float32),
                grad=gradient,
            )


def clip(gradients, limit):
    """Gradients whose global norm is at most `limit`, and the norm before."""
    norm = tf.linalg.global_norm(gradients)
    scale = tf.minimum(1.0, limit / (norm + NORM_EPSILON))
    return [scale * gradient for gradient in gradients], norm


def cross_entropy(logits, labels, smoothing):
    if smoothing == 0:
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)
    else:
        classes = logits.shape[-1]
        targets = (1 - smoothing) * tf.one_hot(labels, classes) + smoothing / classes
        losses = tf.nn.softmax_cross_entropy_with_logits(targets, logits)
    return tf.reduce_mean(losses)
