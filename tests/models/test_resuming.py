"""A training that was cut off ends where an uncut one does."""

import keras
import numpy as np
import pytest

from course_kit.models.resuming import KeepBest, Resume, whole

X = np.random.default_rng(0).normal(size=(40, 5, 3)).astype("float32")
Y = X.sum((1, 2), keepdims=False)[:, None]


def model() -> keras.Model:
    keras.utils.set_random_seed(4)
    net = keras.Sequential([keras.Input((5, 3)), keras.layers.LSTM(4, dropout=0.5, seed=1), keras.layers.Dense(1)])
    net.compile(keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(0.1, 20)), "mse")
    return net


def fit(net, epochs, *callbacks, initial_epoch=0):
    return net.fit(X, Y, batch_size=10, shuffle=False, verbose=0, epochs=epochs, initial_epoch=initial_epoch,
                   callbacks=list(callbacks)).history["loss"]  # fmt: skip


def test_two_halves_are_one_training(tmp_path):
    """Weights, Adam's moments, the schedule's step and the dropout masks go on: the losses are the same."""
    straight = fit(model(), 4)
    resume = Resume(tmp_path / "state.npz")
    first = model()
    assert resume.restore(first) == 0
    cut = fit(first, 2, resume)
    second, again = model(), Resume(tmp_path / "state.npz")
    behind = again.restore(second)
    assert behind == 2
    np.testing.assert_allclose(cut + fit(second, 4, again, initial_epoch=behind), straight, rtol=1e-5)


def test_a_write_that_fails_leaves_the_old_file(tmp_path):
    """And nothing beside it."""
    path = tmp_path / "a.npz"
    whole(path, lambda part: part.write_text("old"))

    def fails(part):
        part.write_text("half")
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        whole(path, fails)
    assert path.read_text() == "old" and [p.name for p in tmp_path.iterdir()] == ["a.npz"]


def test_the_best_epoch_is_kept(tmp_path):
    """Not the last, and not one that was better before a restart."""
    net, keep = model(), KeepBest(tmp_path / "best.weights.h5", "score")
    keep.set_model(net)
    seen = []
    for epoch, score in enumerate((0.3, 0.9, 0.5)):
        net.layers[-1].bias.assign([score])
        keep.on_epoch_end(epoch, {"score": score})
        seen.append(score)
    net.load_weights(tmp_path / "best.weights.h5")
    assert net.layers[-1].bias.numpy()[0] == pytest.approx(0.9)
    again = KeepBest(tmp_path / "best.weights.h5", "score", best=0.9)
    again.set_model(net)
    net.layers[-1].bias.assign([0.7])
    again.on_epoch_end(3, {"score": 0.7})
    again.on_epoch_end(4, {})
    net.load_weights(tmp_path / "best.weights.h5")
    assert net.layers[-1].bias.numpy()[0] == pytest.approx(0.9)
