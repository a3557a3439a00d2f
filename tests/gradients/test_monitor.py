"""The monitor in `fit`: what it reads is the gradient, what it leaves is the training as it would have been."""

import keras
import numpy as np
import pytest
from keras import ops

from course_kit.gradients import GradientMonitor, weight_gradients

T, M = 6, 2


def data(rows=12, seed=5):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(rows, T, M)).astype("float32"), rng.normal(size=(rows, 1)).astype("float32")


def compiled(optimizer="sgd", **how):
    keras.utils.set_random_seed(2)
    model = keras.Sequential(
        [keras.Input((T, M)), keras.layers.SimpleRNN(3, name="rnn"), keras.layers.Dense(1, name="out")]
    )
    model.compile(optimizer, "mse", **how)
    return model


def fit(model, x, y, *callbacks, **how):
    return model.fit(x, y, **{"batch_size": 4, "shuffle": False, "verbose": 0, "callbacks": list(callbacks), **how})


def by_hand(model, x, y, rate, epochs=2):
    """Norm of each layer's gradient at every step of plain gradient descent, and the weights at its end."""
    norms, weights = [], model.trainable_variables
    for _ in range(epochs):
        for k in range(0, len(x), 4):
            here = slice(k, k + 4)
            gradients = weight_gradients(
                model, lambda here=here: ops.mean(ops.square(ops.subtract(model(x[here]), y[here])))
            )
            sizes = np.array([np.linalg.norm(g) for g in gradients])
            norms.append([np.linalg.norm(sizes[:3]), np.linalg.norm(sizes[3:])])
            for w, g in zip(weights, gradients, strict=True):
                w.assign_sub(rate * g)
    return np.array(norms), model.get_weights()


@pytest.mark.parametrize("clip", [{}, {"global_clipnorm": 0.05}], ids=["plain", "clipped"])
def test_norms_are_those_of_the_gradients_before_clipping(clip):
    """Step by step against gradients taken outside of `fit`."""
    x, y = data()
    monitor, model = GradientMonitor(verbose=0), compiled(keras.optimizers.SGD(0.1, **clip))
    expected, weights = by_hand(compiled(), x, y, 0.1)

    fit(model, x, y, monitor, epochs=2)

    assert monitor.layers == ("rnn", "out")
    np.testing.assert_array_equal(monitor.steps, range(6))
    np.testing.assert_allclose(monitor.total, np.linalg.norm(monitor.norms, axis=1), rtol=1e-12)
    if clip:  # after the first step the weights differ
        np.testing.assert_allclose(monitor.norms[0], expected[0], rtol=1e-4)
    else:
        np.testing.assert_allclose(monitor.norms, expected, rtol=1e-4)
        for a, b in zip(model.get_weights(), weights, strict=True):
            np.testing.assert_allclose(a, b, atol=1e-5)


@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
def test_training_under_the_monitor_is_the_same_training(optimizer):
    """Weights, and the optimizer with its moments and counter, over two fits and across a change of monitor."""
    x, y = data()
    plain, watched = compiled(optimizer), compiled(optimizer)
    own = watched.optimizer
    for model, callbacks in ((plain, []), (watched, [GradientMonitor(verbose=0)])):
        fit(model, x, y, *callbacks, epochs=2)
        fit(model, x, y)

    assert watched.optimizer is own
    for a, b in zip(plain.get_weights(), watched.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)
    for a, b in zip(plain.optimizer.variables, own.variables, strict=True):
        np.testing.assert_allclose(a.numpy(), b.numpy(), rtol=1e-4, atol=1e-6)
    assert int(own.iterations.numpy()) == 9


def test_explosion_names_step_layer_and_remedy(capsys):
    """One batch, the eighth, has targets a thousand times too large."""
    x, y = data(48)
    y[28:32] *= 1000.0
    monitor = GradientMonitor()

    fit(compiled(keras.optimizers.SGD(1e-6)), x, y, monitor)

    said = capsys.readouterr().out
    assert "At step 7 (epoch 0, batch 7) the gradient exploded in out: its norm is" in said
    assert "try clipping, global_clipnorm=" in said and said.count("exploded") == 1
    assert monitor.explosion.norm == pytest.approx(monitor.total[7])
    assert monitor.explosion.usual == pytest.approx(np.median(monitor.total[:7]))


def test_clipping_that_is_on_is_not_proposed_again():
    """The optimizer's own argument is read."""
    x, y = data(48)
    y[28:32] *= 1000.0
    monitor = GradientMonitor(verbose=0)

    fit(compiled(keras.optimizers.SGD(1e-6, clipnorm=1.0)), x, y, monitor)

    assert "or clipnorm below 1.0" in monitor.explosion.remedy


def test_nan_in_the_data_stops_training_where_asked():
    """`stop=True`: the batch that has it is the last."""
    x, y = data(48)
    x[9] = np.nan
    monitor = GradientMonitor(stop=True, verbose=0)

    fit(compiled(), x, y, monitor, epochs=3)

    assert (monitor.explosion.step, monitor.explosion.epoch, monitor.explosion.batch) == (2, 0, 2)
    assert "nan" in monitor.explosion.remedy and len(monitor.steps) == 3


def test_memory_is_bounded():
    """Only the latest steps stay, under their own numbers."""
    x, y = data()
    monitor = GradientMonitor(window=2, keep=5, verbose=0)

    fit(compiled(), x, y, monitor, epochs=4)

    np.testing.assert_array_equal(monitor.steps, range(7, 12))
    assert monitor.norms.shape == (5, 2)


def test_a_second_fit_begins_anew():
    """And finds its way when the first ended in an error."""

    class Fails(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            raise RuntimeError("as planned")

    x, y = data()
    model, monitor = compiled(), GradientMonitor(verbose=0)
    own = model.optimizer
    with pytest.raises(RuntimeError, match="as planned"):
        fit(model, x, y, monitor, Fails())

    fit(model, x, y, monitor)

    np.testing.assert_array_equal(monitor.steps, range(3))
    assert model.optimizer is own


def test_learning_rate_can_be_changed_in_between():
    """A scheduler speaks to the inner optimizer."""
    x, y = data()
    model = compiled(keras.optimizers.SGD(0.1))

    fit(model, x, y, GradientMonitor(verbose=0), keras.callbacks.LearningRateScheduler(lambda epoch: 0.25))

    assert float(model.optimizer.learning_rate.numpy()) == 0.25


def test_checkpoint_written_during_fit_is_an_ordinary_one(tmp_path):
    """It loads with the inner optimizer and its moments."""
    x, y = data()
    model, path = compiled("adam"), tmp_path / "model.keras"

    fit(model, x, y, GradientMonitor(verbose=0), keras.callbacks.ModelCheckpoint(path))
    loaded = keras.saving.load_model(path)

    assert type(loaded.optimizer) is type(model.optimizer)
    for a, b in zip(model.optimizer.variables, loaded.optimizer.variables, strict=True):
        np.testing.assert_array_equal(a.numpy(), b.numpy())


def test_sparse_gradients_and_lazily_built_models_are_measured():
    """An embedding hit twice by the same token, in a model that learns its shape in `fit`; two models in one."""
    keras.utils.set_random_seed(0)
    tokens = np.array([[1, 1, 2], [0, 1, 1]])
    inner = keras.Sequential([keras.layers.GRU(2, name="gru")], name="inner")
    model = keras.Sequential([keras.layers.Embedding(3, 2, name="embedding"), inner, keras.layers.Dense(1, name="out")])
    model.compile("sgd", "mse")
    monitor = GradientMonitor(verbose=0)
    fit(model, tokens, np.ones((2, 1)), monitor, keras.callbacks.TerminateOnNaN())
    fit(model, tokens, np.ones((2, 1)))  # and one without

    weights = model.get_weights()
    fit(model, tokens, np.ones((2, 1)), monitor)
    model.set_weights(weights)
    gradients = weight_gradients(model, lambda: ops.mean(ops.square(model(tokens) - 1.0)))

    assert monitor.layers == ("embedding", "inner", "out")
    assert monitor.norms[0, 0] == pytest.approx(np.linalg.norm(gradients[0]), rel=1e-4)


def test_norms_under_mixed_precision_are_free_of_the_loss_scale():
    """Gradients come 32768 times too large there."""
    x, y = data()
    keras.utils.set_random_seed(2)
    layers = [keras.layers.SimpleRNN(3, dtype="mixed_float16"), keras.layers.Dense(1, dtype="mixed_float16")]
    model = keras.Sequential([keras.Input((T, M)), *layers])
    model.compile(keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD(0.1)), "mse")
    expected, monitor = GradientMonitor(verbose=0), GradientMonitor(verbose=0)

    fit(compiled(keras.optimizers.SGD(0.1)), x, y, expected)
    fit(model, x, y, monitor)

    np.testing.assert_allclose(monitor.norms[0], expected.norms[0], rtol=0.05)
