"""The Neural Turing Machine: what each part of its addressing does, what is seen when it does not, what it learns."""

import inspect
import sys
import textwrap

import keras
import numpy as np
import pytest
from scipy.spatial.distance import cosine

from course_kit.cells import NTMCell, ntm_addressing
from course_kit.cells.ntm_addressing import content_weights, interpolated, read, sharpened, shifted, written
from course_kit.datasets.copying import answering, copy
from course_kit.layers import NTM
from tests.cells.ntm_row import NTM_ROW
from tests.cells.table import M, N, T, largest_difference, numpy, randomise

HEADS, SLOTS, WIDTH = 2, 6, 3


@pytest.fixture
def rng():
    return np.random.default_rng(53)


@pytest.fixture
def memory(rng):
    return rng.normal(size=(N, SLOTS, WIDTH))


def addresses(rng):
    return rng.dirichlet(np.ones(SLOTS), size=(N, HEADS))


def one_hot(rows):
    """An address for each batch row and head."""
    return np.eye(SLOTS)[np.asarray(rows)]


def ones(value=1.0):
    return np.full((N, HEADS, 1), value)


def test_reading_at_one_row_is_that_row(memory):
    """An address of a single one; and at an address of equal shares the mean."""
    rows = [[0, 4], [5, 2]]

    assert largest_difference(numpy(read(memory, one_hot(rows))), memory[[[0], [1]], rows]) == 0
    mean = numpy(read(memory, np.full((N, HEADS, SLOTS), 1 / SLOTS)))
    assert largest_difference(mean[:, 0], memory.mean(axis=1)) < 1e-15


def test_erasing_all_and_adding_at_one_row_overwrites_it_and_no_other(memory, rng):
    """e = 1 and a = v."""
    v = rng.normal(size=(N, 1, WIDTH))
    expected = memory.copy()
    expected[[0, 1], [3, 5]] = v[:, 0]

    obtained = numpy(written(memory, one_hot([[3], [5]]), np.ones((N, 1, WIDTH)), v))

    assert largest_difference(obtained, expected) == 0


def test_heads_erase_before_any_adds_and_in_any_order(memory, rng):
    """Two heads at one row: both erase what was there, neither what the other adds."""
    w, e, a = addresses(rng), rng.uniform(size=(N, HEADS, WIDTH)), rng.normal(size=(N, HEADS, WIDTH))
    obtained = numpy(written(memory, w, e, a))

    expected = memory.copy()
    for head in (1, 0):
        expected *= 1 - w[:, head, :, np.newaxis] * e[:, head, np.newaxis]
    expected += np.einsum("nhr,nhm->nrm", w, a)

    assert largest_difference(obtained, expected) < 1e-15
    assert largest_difference(obtained, numpy(written(memory, w[:, ::-1], e[:, ::-1], a[:, ::-1]))) < 1e-15


def test_a_strong_key_finds_the_row_of_the_nearest_direction(memory, rng):
    """Strength without bound; the length of a row is of no account, and a weak key finds them all alike."""
    keys = rng.normal(size=(N, HEADS, WIDTH))
    nearest = [
        [np.argmin([cosine(key, row) for row in rows]) for key in k] for rows, k in zip(memory, keys, strict=True)
    ]

    strong = numpy(content_weights(memory * rng.uniform(1, 9, size=(N, SLOTS, 1)), keys, ones(1e5)))
    weak = numpy(content_weights(memory, keys, ones(0.0)))

    assert largest_difference(strong, one_hot(nearest)) < 1e-6
    assert largest_difference(weak, np.full((N, HEADS, SLOTS), 1 / SLOTS)) < 1e-15


def test_content_weights_are_the_softmax_of_scipys_cosine(memory, rng):
    """Up to the smoothing, which is a millionth beside squared lengths; a row of zeros has cosine zero."""
    keys, strengths = rng.normal(size=(N, HEADS, WIDTH)), rng.uniform(1, 5, size=(N, HEADS, 1))
    memory[:, 2] = 0

    cosines = np.zeros((N, HEADS, SLOTS))
    for n, head, row in np.ndindex(cosines.shape):
        cosines[n, head, row] = 0 if row == 2 else 1 - cosine(keys[n, head], memory[n, row])
    expected = np.exp(strengths * cosines)
    expected /= expected.sum(axis=-1, keepdims=True)

    assert largest_difference(numpy(content_weights(memory, keys, strengths)), expected) < 1e-5


def test_a_closed_gate_and_no_shift_and_no_sharpening_leave_the_address_as_it_was(memory, rng):
    """g = 0, all of s on no shift, gamma = 1: what the content says is of no account."""
    w = addresses(rng)
    stay = np.tile([0.0, 0.0, 1.0, 0.0, 0.0], (N, HEADS, 1))

    after = interpolated(content_weights(memory, memory[:, :HEADS], ones(50.0)), w, ones(0.0))
    after = sharpened(shifted(after, stay), ones(1.0))

    assert largest_difference(numpy(after), w) < 1e-15


def test_an_open_gate_forgets_where_the_head_was(memory, rng):
    """g = 1 is the content's address."""
    content = addresses(rng)

    assert largest_difference(numpy(interpolated(content, addresses(rng), ones(1.0))), content) == 0


@pytest.mark.parametrize("step", [-2, -1, 0, 1, 2])
def test_a_shift_moves_the_address_in_a_circle(step, rng):
    """All of s on one step: from row 4 to row 4 + step, and from the last row to the first ones."""
    s = np.zeros((N, HEADS, 5))
    s[..., step + 2] = 1
    rows = np.array([[4, 0], [5, 2]])

    assert largest_difference(numpy(shifted(one_hot(rows), s)), one_hot((rows + step) % SLOTS)) == 0


def test_a_shift_is_a_circular_convolution(rng):
    """Of the address with s, by the Fourier transform."""
    w, s = addresses(rng), rng.dirichlet(np.ones(5), size=(N, HEADS))
    kernel = np.zeros((N, HEADS, SLOTS))
    kernel[..., [-2, -1, 0, 1, 2]] = s

    expected = np.fft.ifft(np.fft.fft(w) * np.fft.fft(kernel)).real

    assert largest_difference(numpy(shifted(w, s)), expected) < 1e-15


def test_sharpening_is_a_power_divided_by_the_sum_and_in_the_end_the_largest_share(rng):
    """gamma = 2 is the square; a large one leaves one row; a row with nothing keeps nothing, and has a slope."""
    w = addresses(rng)
    w[..., 0] = 0

    squared = w**2 / np.sum(w**2, axis=-1, keepdims=True)
    assert largest_difference(numpy(sharpened(w, ones(2.0))), squared) < 1e-15
    assert largest_difference(numpy(sharpened(w, ones(1e5))), one_hot(w.argmax(axis=-1))) < 1e-12
    assert np.isfinite(numpy(sharpened(one_hot([[1, 2], [3, 4]]).astype("float16"), ones(3.0).astype("float16")))).all()


def test_all_addresses_of_a_run_are_shares_that_sum_to_one(rng):
    """Seven steps from zeros, which is row 0, with random weights."""
    layer = NTM_ROW.layer()
    layer.build((N, T, M))
    randomise(layer, rng)

    _, _, _, reads, writes, _ = numpy(layer(rng.normal(size=(N, T, M))))

    for w in (reads, writes):
        w = w.reshape(N, HEADS, SLOTS)
        assert (w >= 0).all() and largest_difference(w.sum(axis=-1), np.ones((N, HEADS))) < 1e-14


def test_a_state_of_zeros_points_to_row_0(rng):
    """Which is where Keras starts and what `reset_state` goes back to."""
    layer = NTM_ROW.layer()
    layer.build((N, T, M))
    randomise(layer, rng)
    x, states = rng.normal(size=(N, T, M)), NTM_ROW.states(rng)
    zeros, first = [0 * a for a in states], [0 * a for a in states]
    for k in (2, 3):
        first[k] = np.tile(np.eye(SLOTS)[0], (N, HEADS))

    assert largest_difference(numpy(layer(x, initial_state=zeros)), numpy(layer(x, initial_state=first))) == 0
    assert largest_difference(numpy(layer(x, initial_state=zeros)), numpy(layer(x))) == 0


# (function, what is wrong, its text, what takes its place)
WRONG_FORMS = [
    (
        NTMCell.call,
        "reads the memory as it was",
        "read(memory, w_r))], axis=-1), self",
        "read(ops.reshape(states[4], (-1, 6, 3)), w_r))], axis=-1), self",
    ),
    (
        NTMCell.call,
        "does not read before the controller moves",
        "_flat(read(memory, w_r))], axis=-1), h, c)",
        "0 * _flat(read(memory, w_r))], axis=-1), h, c)",
    ),
    (NTMCell.call, "swaps erase and add", "address, erase, add =", "address, add, erase ="),
    (NTMCell.call, "adds without a squashing", "self.activation(add)", "add"),
    (NTMCell.call, "keeps the old addresses", "_flat(w_r), _flat(w_w),", "states[2], states[3],"),
    (NTMCell._new_addresses, "swaps gate and strength", "key, strength, gate,", "key, gate, strength,"),
    (NTMCell._new_addresses, "has a power below one", "1 + ops.softplus(power)", "ops.softplus(power)"),
    (
        NTMCell._new_addresses,
        "sharpens before it shifts",
        "sharpened(shifted(w, ops.softmax(shift)), 1 + ops.softplus(power))",
        "shifted(sharpened(w, 1 + ops.softplus(power)), ops.softmax(shift))",
    ),
    (
        ntm_addressing.content_weights,
        "compares by the inner product",
        "/ (_length(keys)[:, :, None] * _length(memory)[:, None, :])",
        "",
    ),
    (
        ntm_addressing.interpolated,
        "turns the gate round",
        "gates * content + (1 - gates) * previous",
        "(1 - gates) * content + gates * previous",
    ),
    (ntm_addressing.shifted, "shifts the other way", "ops.roll(weights, d,", "ops.roll(weights, -d,"),
    (
        ntm_addressing.sharpened,
        "does not divide by the sum",
        "ops.softmax(powers * ops.log(weights + least))",
        "weights**powers",
    ),
    (ntm_addressing.written, "erases nothing", "memory * kept", "memory"),
    (ntm_addressing.written, "erases once for all heads", "kept = kept *", "kept ="),
]


@pytest.mark.parametrize(
    ("function", "wrong", "text", "instead"), WRONG_FORMS, ids=[f"{f.__name__} {wrong}" for f, wrong, *_ in WRONG_FORMS]
)
def test_a_wrong_form_is_seen(function, wrong, text, instead, rng, monkeypatch):
    """More than a thousandth from the twin within seven steps; the form itself is the twin's to 1e-12."""
    layer = NTM_ROW.layer()
    layer.build((N, T, M))
    weights, x, states = randomise(layer, rng), rng.normal(size=(N, T, M)), NTM_ROW.states(rng)
    expected, _ = NTM_ROW.twin(x, states, weights)
    source = textwrap.dedent(inspect.getsource(function))
    assert source.count(text) == 1, f"{function.__name__} has {text!r} {source.count(text)} times"
    names = dict(vars(sys.modules[function.__module__]))
    exec(source.replace(text, instead), names)

    assert largest_difference(numpy(layer(x, initial_state=states))[0], expected) < 1e-12
    place = NTMCell if function.__qualname__.startswith("NTMCell") else sys.modules[NTMCell.__module__]
    monkeypatch.setattr(place, function.__name__, names[function.__name__])
    assert largest_difference(numpy(layer(x, initial_state=states))[0], expected) > 1e-3


BITS = 4


def bit_error(logits, task) -> float:
    """The share of wrong bits in the steps in which the answer is asked."""
    return float(((logits > 0) != (task.y > 0.5))[answering(task)].mean())


def copying_machine(seed: int):
    """A machine after 800 batches of sixteen sequences of lengths 1 to 5, and its layer, which returns its states."""
    keras.utils.set_random_seed(seed)
    inputs = keras.Input((None, BITS + 1))
    layer = NTM(16, BITS, return_sequences=True, return_state=True)
    model = keras.Model(inputs, layer(inputs)[0])
    rate = keras.optimizers.schedules.CosineDecay(0.02, 800)
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(rate, global_clipnorm=1.0), loss=loss)
    task = copy(800 * 16, BITS, 5, seed=seed)
    asked = answering(task).astype("float32")
    model.fit(task.x, task.y, sample_weight=asked, batch_size=16, shuffle=False, verbose=0)
    return model, layer


@pytest.mark.slow
def test_it_learns_to_copy_and_it_is_the_memory_that_holds_the_copy():
    """Under 1 wrong bit in 100 on new sequences, where a guess is wrong in 50; better than a guess at twice the length.

    With the memory wiped between reading and writing down the copy is lost. Measured from 11 starts: 9 end with at
    most 0.1 wrong bits in 100 at lengths 1 to 5, one with 0.8, and one, which is not there yet after 800 batches,
    with 13. So three starts are allowed.
    """
    new, longer, five = copy(500, BITS, 5, seed=101), copy(200, BITS, 10, 10, seed=102), copy(200, BITS, 5, 5, seed=103)
    for seed in range(3):
        model, layer = copying_machine(seed)
        wrong = bit_error(model.predict_on_batch(new.x), new)
        if wrong < 0.01:
            break
    assert wrong < 0.01
    assert bit_error(model.predict_on_batch(longer.x), longer) < 0.45

    _, *states = layer(five.x[:, :6].astype("float32"))
    errors = []
    for kept in (1.0, 0.0):
        answer, *_ = layer(five.x[:, 6:].astype("float32"), initial_state=[*states[:4], kept * states[4]])
        errors.append(bit_error(np.concatenate([np.zeros((200, 6, BITS)), numpy(answer)], axis=1), five))
    assert errors[0] < 0.01
    assert errors[1] > 0.25
