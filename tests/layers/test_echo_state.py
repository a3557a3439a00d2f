"""The echo state network keeps the promises of every cell; its reservoir is not trained; its arguments are checked."""

import inspect
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

import course_kit
from course_kit import params, reference
from course_kit.cells import EchoStateCell
from course_kit.layers import EchoState
from tests.cells import test_contract as contract
from tests.cells.table import OUT, UNITS, M, N, Row, T, largest_difference, numpy, randomise
from tests.cells.test_wrong_forms import planted


def twin(leak=1.0, input_skip=False):
    def run(x, states, weights):
        V, b_y, W, U, b = weights  # Keras lists what is trained first
        h = reference.echo_state_forward(x, states[0], W, U, b, leak)
        seen = np.concatenate([x, h], axis=-1) if input_skip else h
        return seen @ V + b_y, [h]

    return run


def row(name, **own):
    return Row(
        name,
        make=lambda n, o, **arguments: EchoStateCell(n, o, **{"seed": 3, **own, **arguments}),
        count=lambda m, n, o: n * (m + n + 1) + o * (n + 1 + m * own.get("input_skip", False)),
        biases=lambda n, o: n + o,
        state_widths=lambda n, o: [n],
        twin=twin(own.get("leak", 1.0), own.get("input_skip", False)),
    )


ROWS = [row("echo state"), row("leaky echo state whose read-out sees the input", leak=0.3, input_skip=True)]

# The promises of every cell, but for the two that are kept here in their own way: a reservoir is not trained
OTHERS = ("test_gradient_of_every_weight_is_the_difference_quotient", "test_a_saved_model_is_the_same")
PROMISES = {
    name: promise
    for name, promise in vars(contract).items()
    if name.startswith("test_")
    and not name.startswith(OTHERS)
    and {*inspect.signature(promise).parameters} == {"row", "rng"}
}


@pytest.fixture
def rng():
    return np.random.default_rng(71)


@pytest.mark.parametrize("promise", PROMISES.values(), ids=PROMISES)
@pytest.mark.parametrize("kind", ROWS, ids=lambda kind: kind.name)
def test_it_keeps_the_promises_of_every_cell(kind, promise, rng):
    """Twin, masks, shapes, counts, Bidirectional, stacks, states, directions, unrolling, mixed precision."""
    assert len(PROMISES) >= 12
    promise(kind, rng)


@pytest.mark.parametrize("kind", ROWS, ids=lambda kind: kind.name)
def test_training_moves_the_read_out_by_its_gradient_and_nothing_else(kind, rng):
    """One step of gradient descent against central differences of the twin in float64."""
    layer = kind.layer(rnn={"return_state": False})
    model = keras.Sequential([keras.Input((T, M), dtype="float64"), layer])
    weights, x = randomise(layer, rng), rng.normal(size=(N, T, M))
    pull = rng.normal(size=(N, T, OUT)).astype("float32")
    model.compile(keras.optimizers.SGD(1.0), loss=lambda r, y: keras.ops.sum(r * y), run_eagerly=True)

    model.train_on_batch(x, pull)
    obtained = [before - after for before, after in zip(weights, layer.get_weights(), strict=True)]

    def loss():
        return np.sum(pull * kind.twin(x, [np.zeros((N, UNITS))], weights)[0])

    for weight, moved in zip(weights[:2], obtained[:2], strict=True):
        for k in np.ndindex(weight.shape):
            kept, slope = weight[k], 0.0
            for side in (1, -1):
                weight[k] = kept + side * 1e-6
                slope += side * loss() / 2e-6
            weight[k] = kept
            assert moved[k] == pytest.approx(slope, abs=1e-7)
    assert all(np.abs(moved).max() > 0.1 for moved in obtained[:2])
    assert all(np.abs(moved).max() == 0 for moved in obtained[2:])


def test_a_configuration_makes_the_same_reservoir_again():
    """With a seed, and without one: the one that was drawn is written down. Two without a seed differ."""
    for seed in (12, None):
        layer = EchoState(20, 1, seed=seed)
        again, nested = EchoState.from_config(layer.get_config()), EchoStateCell.from_config(layer.cell.get_config())
        for each in (layer, again, nested):
            each.build((None, T, M))
        fixed = [numpy(w) for w in layer.non_trainable_variables]
        for each in (again, nested):
            assert largest_difference([numpy(w) for w in each.non_trainable_variables], fixed) == 0
    assert EchoStateCell(20, 1).seed != EchoStateCell(20, 1).seed


OTHER = {
    "units": 6,
    "output_units": 3,
    "activation": "relu",
    "use_bias": False,
    "leak": 0.5,
    "spectral_radius": 1.25,
    "density": 0.5,
    "input_scaling": 0.1,
    "input_skip": True,
    "output_initializer": "zeros",
    "seed": 5,
}


def test_every_argument_is_in_the_configuration_and_comes_back():
    """Each, at another value than its default, survives, in the cell and in the layer."""
    names = [name for name in inspect.signature(EchoStateCell.__init__).parameters if name not in ("self", "kwargs")]
    for kind in (EchoStateCell, EchoState):
        default, config = kind(5, 2, seed=0).get_config(), kind(**OTHER).get_config()
        assert kind.from_config(config).get_config() == config
        assert names == list(OTHER)
        assert [name for name in names if config[name] == default[name]] == []


LOAD = """
import sys
from pathlib import Path
import keras, numpy as np
import course_kit.layers
folder = Path(sys.argv[1])
np.save(folder / "loaded.npy", keras.models.load_model(folder / "esn.keras")(np.load(folder / "x.npy")))
"""


def test_a_saved_model_is_the_same_in_a_fresh_process(tmp_path, rng):
    """A fitted layer, both ways and on top of another, without `custom_objects`, to the last bit."""
    x = rng.normal(size=(N, T, M)).astype("float32")
    first = EchoState(10, M, return_sequences=True)
    first.fit(x, x)
    inputs = keras.Input((T, M))
    model = keras.Model(inputs, keras.layers.Bidirectional(EchoState(4, 2, leak=0.5))(first(inputs)))
    model.save(tmp_path / "esn.keras")
    np.save(tmp_path / "x.npy", x)

    root = Path(course_kit.__file__).parent.parent
    subprocess.run([sys.executable, "-c", LOAD, tmp_path], cwd=root, check=True, timeout=120)

    saved, loaded = numpy(model(x)), np.load(tmp_path / "loaded.npy")
    assert np.ptp(saved) > 0.1
    assert largest_difference(loaded, saved) == 0


@pytest.mark.parametrize("use_bias", [True, False])
@pytest.mark.parametrize("input_skip", [True, False])
def test_the_count_says_what_is_trained(use_bias, input_skip):
    """Number, shapes in order, trainable or not, for cell and layer, against what Keras built; and the closed form."""
    for m, n, o in ((5, 7, 2), (3, 11, 4)):
        layer = EchoState(n, o, use_bias=use_bias, input_skip=input_skip)
        before = params.count(layer, inputs=m)
        layer.build((None, None, m))
        counted = params.count(layer)
        seen = m + n if input_skip else n

        assert counted == before
        assert counted.value == layer.count_params() == params.echo_state(m, n, o, use_bias, input_skip)
        assert [t.shape for t in counted.tensors] == [tuple(w.shape) for w in layer.weights]
        assert [t.name for t in counted.tensors] == [w.name for w in layer.weights]
        assert [t.trainable for t in counted.tensors] == [w.trainable for w in layer.weights]
        assert counted.non_trainable == n * (m + n + use_bias)
        assert counted.trainable == o * (seen + use_bias)
        assert params.count(layer.cell, inputs=m).value == counted.value


NOT_POSITIVE_INTEGERS = [0, -1, 2.5, True, "8", None]
X = np.zeros((2, 6, 3))
BAD = [
    *[({"units": v}, f"units must be a positive integer. Got {v!r}.") for v in NOT_POSITIVE_INTEGERS],
    *[({"output_units": v}, f"output_units must be a positive integer. Got {v!r}.") for v in NOT_POSITIVE_INTEGERS],
    *[
        ({name: v}, f"{name} must be a number in (0, 1]. Got {v!r}.")
        for name in ("leak", "density")
        for v in (0, -0.1, 1.5, True, "0.5", None, float("nan"))
    ],
    *[
        ({name: v}, f"{name} must be a positive number. Got {v!r}.")
        for name in ("spectral_radius", "input_scaling")
        for v in (0, -1, float("inf"), float("nan"), "1", None, True)
    ],
    *[({"seed": v}, f"seed must be a non-negative integer or None. Got {v!r}.") for v in (-1, 1.5, "1", True)],
]


@pytest.mark.parametrize(("given", "sentence"), BAD)
def test_a_bad_argument_gets_the_rule_and_what_came(given, sentence):
    """A ValueError with exactly this sentence."""
    with pytest.raises(ValueError) as refusal:
        EchoState(**{"units": 5, "output_units": 2, **given})
    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda e: e.fit(X[0], X), "x must have the shape (N, T, m), sequences of a batch. Got (6, 3)."),
        (lambda e: e.fit(X, X), "y must have the shape (2, 6, 2), a target for each step. Got (2, 6, 3)."),
        (lambda e: e.fit(X, X[..., :2], 6), "washout must be an integer from 0 to 5, under the steps. Got 6."),
        (lambda e: e.fit(X, X[..., :2], 1.0), "washout must be an integer from 0 to 5, under the steps. Got 1.0."),
        (lambda e: e.fit(X, X[..., :2], ridge=-1), "ridge must be a number of at least 0. Got -1."),
        (
            lambda e: e.fit(X, X[..., :2], mask=X[0, :2]),
            "mask must have the shape (2, 6), that of the steps. Got (2, 3).",
        ),
        (
            lambda e: e.fit(X, X[..., :2], washout=3, mask=np.arange(6) < np.array([[2], [3]])),
            "fit needs a step that is neither washed out nor masked. Got none.",
        ),
        (
            lambda e: e.generate(X, 4),
            "generate needs as many outputs as inputs, 3: what goes out comes in again. Got 2.",
        ),
        (lambda e: EchoState(5, 3).generate(X, 0), "steps must be a positive integer. Got 0."),
    ],
)
def test_wrong_use_gets_the_rule_and_what_came(call, sentence):
    """Shapes and numbers that do not fit."""
    with pytest.raises(ValueError) as refusal:
        call(EchoState(5, 2))
    assert str(refusal.value) == sentence


WRONG_FORMS = [
    ("the leak is on the wrong side", "(1 - self.leak) * h + self.leak *", "self.leak * h + (1 - self.leak) *"),
    (
        "the leak is inside the activation",
        "(1 - self.leak) * h + self.leak * self.activation(a)",
        "self.activation((1 - self.leak) * h + self.leak * a)",
    ),
    (
        "the read-out sees the old state",
        "y = ops.matmul(ops.concatenate([inputs, h]",
        "y = ops.matmul(ops.concatenate([inputs, states[0]]",
    ),
    ("the input comes after the state", "[inputs, h], axis", "[h, inputs], axis"),
    ("no bias in the reservoir", "a = a + self.bias", "a = a + 0.0"),
]


@pytest.mark.parametrize(("wrong", "text", "instead"), WRONG_FORMS, ids=[form[0] for form in WRONG_FORMS])
def test_a_wrong_form_is_seen(wrong, text, instead, rng):
    """More than a thousandth from the twin within seven steps."""
    kind = ROWS[1]
    layer = planted(kind, text, instead)
    weights, x, states = randomise(layer, rng), rng.normal(size=(N, T, M)), kind.states(rng)

    obtained = numpy(layer(x, initial_state=states))[0]

    assert largest_difference(obtained, kind.twin(x, states, weights)[0]) > 1e-3
