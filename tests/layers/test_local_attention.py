"""The attention window: the slide's sum, against a twin, a convolution, and attention with a band mask."""

import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

import course_kit
from course_kit.layers import LocalAttention
from course_kit.reference.local_attention import content_window, fixed_window
from tests.layers.trees import largest_difference, numpy

N, T, M, D = 2, 7, 3, 4
A = {3: [0.2, 0.5, 0.3], 5: [0.1, 0.15, 0.2, 0.25, 0.3], 9: [k / 45 for k in range(1, 10)], 4: [0.4, 0.3, 0.2, 0.1]}
KINDS = ["uniform", "given", "learned", "content", "content with keys"]
every_kind = pytest.mark.parametrize("kind", KINDS)
every_border = pytest.mark.parametrize("borders", ["renormalise", "zeros"])
# (window, causal): the last is longer than the sequence
every_window = pytest.mark.parametrize(("w", "causal"), [(1, False), (3, False), (5, True), (4, True), (9, False)])


@pytest.fixture
def rng():
    return np.random.default_rng(41)


def made(kind, w, rng, dtype="float64", **how):
    """A built layer with random weights, and those."""
    attention = A.get(w, [1.0]) if kind == "given" else kind.split()[0]
    keys = {"key_dim": D} if kind == "content with keys" else {}
    layer = LocalAttention(w, attention, dtype=dtype, **keys, **how)
    layer.build((N, T, M))
    layer.set_weights([rng.normal(size=v.shape) for v in layer.get_weights()])
    return layer, [np.asarray(v, dtype=np.float64) for v in layer.get_weights()]


def twin(kind, w, weights, h, valid, **how):
    """Row by row."""
    if kind.startswith("content"):
        kernels = np.split(weights[0], 2, axis=1) if weights else (None, None)
        rows = [content_window(x, w, valid=v, Q=kernels[0], K=kernels[1], **how) for x, v in zip(h, valid, strict=True)]
    else:
        a = {"uniform": lambda: np.ones(w) / w, "given": lambda: A.get(w, [1.0])}
        a = np.exp(weights[0]) / np.exp(weights[0]).sum() if weights else a[kind]()
        rows = [fixed_window(x, a, valid=v, **how) for x, v in zip(h, valid, strict=True)]
    return np.stack(rows)


@every_kind
@every_border
@every_window
def test_every_step_equals_the_twin_whatever_stands_in_masked_steps(kind, borders, w, causal, rng):
    """With a mask and without; in row 1 the first step, one inside and the last two do not exist."""
    layer, weights = made(kind, w, rng, causal=causal, borders=borders)
    h, valid = rng.normal(size=(N, T, M)), np.ones((N, T), dtype=bool)
    how = {"causal": causal, "borders": borders}

    assert largest_difference(numpy(layer(h)), twin(kind, w, weights, h, valid, **how)) < 1e-14

    valid[1, [0, 3, 5, 6]] = False
    h[~valid] = 1e3

    assert largest_difference(numpy(layer(h, mask=valid)), twin(kind, w, weights, h, valid, **how)) < 1e-14


@pytest.mark.parametrize("kind", ["uniform", "given", "learned"])
@pytest.mark.parametrize(("causal", "padding"), [(False, "same"), (True, "causal")])
def test_fixed_weights_are_a_depthwise_convolution(kind, causal, padding, rng):
    """The same kernel on every channel: everywhere with zeros outside, away from the borders in either case."""
    w, h = 5, rng.normal(size=(N, 12, M))
    zeros, weights = made(kind, w, rng, causal=causal, borders="zeros")
    renormalised, _ = made(kind, w, rng, causal=causal)
    renormalised.set_weights(weights)
    a = np.exp(weights[0]) / np.exp(weights[0]).sum() if weights else A[w] if kind == "given" else np.ones(w) / w
    before = [(0, 0), (4, 0), (0, 0)]  # DepthwiseConv1D has no causal padding of its own
    convolution = keras.layers.DepthwiseConv1D(
        w, padding="valid" if causal else padding, use_bias=False, dtype="float64"
    )
    given = np.pad(h, before) if causal else h
    convolution.build(given.shape)
    convolution.set_weights([np.repeat(np.asarray(a)[:, np.newaxis, np.newaxis], M, axis=1)])

    expected = numpy(convolution(given))
    inside = slice(4, None) if causal else slice(2, -2)

    assert largest_difference(numpy(zeros(h)), expected) < 1e-14
    assert largest_difference(numpy(renormalised(h))[:, inside], expected[:, inside]) < 1e-14
    assert np.abs(numpy(renormalised(h)) - expected).max() > 0.01


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("keys", [False, True])
def test_content_weights_are_attention_with_a_band_mask(causal, keys, rng):
    """`keras.ops.dot_product_attention` over the whole sequence, only the band allowed, one row partly masked."""
    w = 5
    layer, weights = made("content with keys" if keys else "content", w, rng, causal=causal)
    h, valid = rng.normal(size=(N, T, M)), np.ones((N, T), dtype=bool)
    valid[1, 4:] = False
    Q, K = np.split(weights[0], 2, axis=1) if keys else (np.eye(M), np.eye(M))
    lag = np.arange(T)[:, np.newaxis] - np.arange(T)  # how far back a step looks
    band = (lag >= 0) & (lag < w) if causal else np.abs(lag) <= w // 2
    seen = band & valid[:, np.newaxis, :]

    obtained = numpy(layer(h, mask=valid))
    query, key, value = (x[:, :, np.newaxis] for x in (h @ Q, h @ K, h))  # one head
    somewhere = seen | ~valid[:, :, np.newaxis]  # a step that is not there has to look at something
    scale = 1 / np.sqrt(K.shape[1])  # which Keras would round to float32
    expected = keras.ops.dot_product_attention(query, key, value, mask=somewhere[:, np.newaxis], scale=scale)

    assert largest_difference(obtained[valid], numpy(expected)[:, :, 0][valid]) < 1e-14
    assert not obtained[~valid].any()


@pytest.mark.parametrize("borders", ["renormalise", "zeros"])
def test_the_slides_sum_is_numpys_convolution_with_the_weights_reversed(borders, rng):
    """One feature; what zeros outside take away, renormalisation divides by the weights that are left."""
    a, x = np.array(A[5]), rng.normal(size=T)
    layer, _ = made("given", 5, rng, borders=borders)

    expected = np.convolve(x, a[::-1], mode="same")
    if borders == "renormalise":
        expected = expected / np.convolve(np.ones(T), a[::-1], mode="same")

    assert largest_difference(numpy(layer(x[np.newaxis, :, np.newaxis]))[0, :, 0], expected) < 1e-14


@every_kind
@every_window
def test_a_constant_sequence_stays_what_it_is(kind, w, causal, rng):
    """Under renormalisation, up to the borders, masked steps or not."""
    layer, _ = made(kind, w, rng, causal=causal)
    h, valid = np.tile(rng.normal(size=(N, 1, M)), (1, T, 1)), np.ones((N, T), dtype=bool)
    valid[1, [1, 4]] = False

    assert largest_difference(numpy(layer(h)), h) < 1e-14
    assert largest_difference(numpy(layer(h, mask=valid)), h * valid[..., np.newaxis]) < 1e-14


@every_kind
@every_border
def test_a_window_of_one_step_is_the_identity(kind, borders, rng):
    """Exactly: one weight, and it is one."""
    h = rng.normal(size=(N, T, M))

    assert largest_difference(numpy(made(kind, 1, rng, borders=borders)[0](h)), h) == 0


@every_kind
def test_the_weights_come_back_and_sum_to_one(kind, rng):
    """`return_attention_scores`, as in `keras.layers.Attention`; nothing is said for masked steps, nor of them."""
    layer, _ = made(kind, 5, rng)
    h, valid = rng.normal(size=(N, T, M)), np.ones((N, T), dtype=bool)
    valid[1, 3] = False

    _, a = layer(h, mask=valid, return_attention_scores=True)
    a = numpy(a)

    assert a.shape == (N, T, 5)
    assert largest_difference(a.sum(axis=-1), valid.astype(float)) < 1e-14
    assert a[0, 0, :2].sum() == 0 and a[1, 2, 3] == 0 and a[0, 2, 3] > 0


@every_kind
@every_border
def test_a_masked_tail_is_the_truncated_sequence(kind, borders, rng):
    """Exactly, at every step that is there."""
    layer, _ = made(kind, 5, rng, borders=borders)
    h = rng.normal(size=(N, T, M))
    valid = np.tile(np.arange(T) < 4, (N, 1))
    whole, short = numpy(layer(h, mask=valid)), numpy(layer(h[:, :4]))

    assert largest_difference(whole[:, :4], short) < 1e-15
    assert not whole[:, 4:].any()


def test_the_causal_form_does_not_see_the_future_and_the_centred_one_sees_half_a_window(rng):
    """Where a change of the last step is felt."""
    h = rng.normal(size=(1, T, M))
    changed = h.copy()
    changed[:, -1] += 1
    felt = {}
    for causal in (True, False):
        layer, _ = made("content", 5, rng, causal=causal)
        felt[causal] = np.abs(numpy(layer(h)) - numpy(layer(changed))).max(axis=(0, 2)) > 0

    assert felt[True].tolist() == [False] * 6 + [True]
    assert felt[False].tolist() == [False] * 4 + [True] * 3


def test_fixed_weights_are_a_linear_time_invariant_filter_and_content_weights_are_not(rng):
    """A shifted sequence is shifted, away from the borders, in all; a sum is summed by fixed weights alone."""
    x, y = rng.normal(size=(2, 1, 12, M))
    for kind in KINDS:
        layer, _ = made(kind, 3, rng)
        shifted = np.abs(numpy(layer(np.roll(x, 1, axis=1)))[:, 3:-1] - numpy(layer(x))[:, 2:-2]).max()
        summed = np.abs(numpy(layer(x + y)) - numpy(layer(x)) - numpy(layer(y))).max()

        assert shifted < 1e-14
        assert summed > 0.01 if kind.startswith("content") else summed < 1e-14


@every_kind
def test_number_of_parameters_is_the_formula(kind, rng):
    """w learned weights, 2md for queries and keys, else none."""
    for w, m in ((3, 5), (5, 2)):
        attention = A[w] if kind == "given" else kind.split()[0]
        layer = LocalAttention(w, attention, key_dim=D if "keys" in kind else None)
        layer.build((None, None, m))

        assert layer.count_params() == {"learned": w, "content with keys": 2 * m * D}.get(kind, 0)


@pytest.mark.parametrize("kind", ["learned", "content with keys"])
def test_gradient_of_every_weight_is_the_difference_quotient(kind, rng):
    """What one step of gradient descent subtracts, against central differences of the twin in float64."""
    layer, weights = made(kind, 5, rng)
    h, valid = rng.normal(size=(N, T, M)), np.ones((N, T), dtype=bool)
    pull = rng.normal(size=(N, T, M)).astype("float32")  # the loss is read in float32
    model = keras.Sequential([keras.Input((T, M), dtype="float64"), layer])
    model.compile(keras.optimizers.SGD(1.0), loss=lambda r, y: keras.ops.sum(r * y), run_eagerly=True)

    model.train_on_batch(h, pull)
    (obtained,) = [before - after for before, after in zip(weights, layer.get_weights(), strict=True)]

    assert np.abs(obtained).max() > 0.1
    for k in np.ndindex(obtained.shape):
        losses = []
        for eps in (1e-6, -1e-6):
            moved = weights[0].copy()
            moved[k] += eps
            losses.append(np.sum(pull * twin(kind, 5, [moved], h, valid)))
        assert abs((losses[0] - losses[1]) / 2e-6 - obtained[k]) < 1e-8


@every_kind
def test_mixed_precision_is_finite_and_near(kind, rng):
    """In float16, with a row of which nothing is left."""
    layer, weights = made(kind, 5, rng, dtype="mixed_float16")
    h, valid = rng.normal(size=(N, T, M)), np.ones((N, T), dtype=bool)
    valid[1] = False

    outputs = numpy(layer(h.astype("float32"), mask=valid))

    assert outputs.dtype == "float16"
    assert largest_difference(outputs[:1], twin(kind, 5, weights, h[:1], valid[:1])) < 2e-2
    assert not outputs[1].any()


def test_a_layer_of_neighbours_hands_its_mask_on(rng):
    """What follows sees which steps are there."""
    inputs = keras.Input((None, M))
    masked = keras.layers.Masking()(inputs)
    model = keras.Model(inputs, keras.layers.LSTM(D)(LocalAttention(3)(masked)))
    x = rng.normal(size=(N, T, M)).astype("float32")
    x[:, 4:] = 0

    assert largest_difference(numpy(model(x)), numpy(model(x[:, :4]))) < 1e-6


LOAD = """
import sys
from pathlib import Path
import keras, numpy as np
import course_kit.layers
for path in Path(sys.argv[1]).glob("*.keras"):
    model = keras.models.load_model(path)
    outputs = model(np.load(path.with_suffix(".x.npy")))
    np.save(path.with_suffix(".loaded.npy"), keras.ops.convert_to_numpy(outputs))
"""


def test_saved_models_are_the_same_in_a_fresh_process(tmp_path, rng):
    """Every kind and form, with an unknown number of steps, without `custom_objects`, to the last bit."""
    for k, kind in enumerate(KINDS):
        inputs = keras.Input((None, M))
        layer, _ = made(kind, 5, rng, "float32", causal=bool(k % 2), borders=["renormalise", "zeros"][k // 2 % 2])
        outputs = layer(inputs)
        model = keras.Model(inputs, outputs)
        assert outputs.shape == (None, None, M)
        x = rng.normal(size=(N, T, M)).astype("float32")
        model.save(tmp_path / f"{k}.keras")
        np.save(tmp_path / f"{k}.x.npy", x)
        np.save(tmp_path / f"{k}.saved.npy", numpy(model(x)))
    root = Path(course_kit.__file__).parent.parent
    subprocess.run([sys.executable, "-c", LOAD, tmp_path], cwd=root, check=True, timeout=120)

    for k in range(len(KINDS)):
        saved, loaded = (np.load(tmp_path / f"{k}.{which}.npy") for which in ("saved", "loaded"))
        assert largest_difference(loaded, saved) == 0
