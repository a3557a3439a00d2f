"""An optimizer that writes down how large the gradients are before it hands them on."""

import keras
from keras import ops


class MeasuredOptimizer(keras.optimizers.Optimizer):
    """Another optimizer, with a variable `norms` beside it: one norm a weight, as of the last step.

    `Optimizer.apply` is the one public place where the gradients of `fit` pass on every backend. TensorFlow compiles
    it and JAX runs it without side effects; only what stands in a variable of the optimizer gets out of either.
    The update itself, its clipping included, is the inner optimizer's, and so are learning rate, counter and loss
    scale. Norms are those before clipping.

    Args:
        inner: `keras.optimizers.Optimizer`, built or not.
    """

    def __init__(self, inner):
        super().__init__(learning_rate=0.0, name=inner.name)
        self.inner = inner

    def build(self, variables):
        self.measured = [id(v) for v in variables]  # whose norm stands where
        self.norms = self.add_variable((len(variables),), dtype="float32", name="gradient_norms")
        if not self.inner.built:
            self.inner.build(variables)
        super().build(variables)

    def apply(self, grads, trainable_variables=None):
        grads = list(grads)
        if not self.built:
            self.build(list(trainable_variables))
        self._measure(grads)
        self.inner.apply(grads, trainable_variables)

    def stateless_apply(self, optimizer_variables, grads, trainable_variables):
        # JAX calls this one, and the inner optimizer may have a stateless way of its own, as LossScaleOptimizer has.
        with keras.StatelessScope(state_mapping=list(zip(self.variables, optimizer_variables, strict=True))) as scope:
            self._measure(grads)
        own = [scope.get_current_value(v) for v in super().variables]
        theirs = optimizer_variables[len(own) :]
        trainable_variables, theirs = self.inner.stateless_apply(theirs, grads, trainable_variables)
        return trainable_variables, [*own, *theirs]

    def _measure(self, grads):
        scale = self.inner.scale_loss(1.0)  # under mixed precision gradients come multiplied by it
        self.norms.assign(ops.stack([_norm(g) for g in grads]) / ops.cast(scale, "float32"))

    @property
    def variables(self):
        return super().variables + self.inner.variables

    @property
    def iterations(self):
        return self.inner.iterations

    @property
    def learning_rate(self):
        return self.inner.learning_rate

    @learning_rate.setter
    def learning_rate(self, learning_rate):
        self.inner.learning_rate = learning_rate

    def scale_loss(self, loss):
        return self.inner.scale_loss(loss)

    def finalize_variable_values(self, var_list):
        self.inner.finalize_variable_values(var_list)

    def save_own_variables(self, store):
        # A checkpoint written during `fit` is then the one that the inner optimizer would have written.
        self.inner.save_own_variables(store)

    def load_own_variables(self, store):
        self.inner.load_own_variables(store)


def _norm(gradient):
    """Euclidean norm in float32, taken by the largest entry, which keeps squares from overflowing; 0 for none."""
    if gradient is None:
        return ops.zeros((), dtype="float32")
    gradient = ops.cast(ops.convert_to_tensor(gradient), "float32")  # embeddings' sparse gradients become dense
    largest = ops.max(ops.abs(gradient))
    scale = ops.where(largest > 0, largest, 1.0)
    return scale * ops.sqrt(ops.sum(ops.square(gradient / scale)))
