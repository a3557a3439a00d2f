"""Traces of lanes, layers, dimensions, heads, pictures, stacks and both directions, against the layers' own values."""

import keras
import numpy as np
import pytest

from course_kit import layers
from course_kit.cells import ElmanCell, GRUCell, PeepholeLSTMCell, ResidualStack
from course_kit.layers.trace import trace
from course_kit.plots.trace import all_units, one_unit
from tests.cells.table import ROWS, UNITS, M, N, T, largest_difference, numpy, randomise

ROW = {row.name: row for row in ROWS}


@pytest.fixture
def rng():
    return np.random.default_rng(97)


def lanes(count):
    return ["h", "h", [f"lane {k + 1}/c" for k in range(count)]]


def every(prefix, count, *names):
    return [f"{prefix} {k + 1}{name}" for k in range(count) for name in names]


GRID = ["block 2, depth/h", *every("block", 2, ", time/h", ", time/m")]
# row of the contract's table, its cell's own arguments, the traced names of output and states; several stand side by
# side in one state
CASES = {
    "array": ("array", {}, lanes(2)),
    "array that selects": ("array with soft selection", {}, lanes(3)),
    "array that selects, without bias": ("array with soft selection", {"use_bias": False}, lanes(3)),
    "depth-gated": ("depth-gated", {}, ["layer 2/h", *every("layer", 2, "/h", "/c")]),
    "depth-gated, plain": (
        "depth-gated",
        {"peepholes": False, "use_bias": False},
        ["layer 2/h", *every("layer", 2, "/h", "/c")],
    ),
    "grid": ("grid", {}, GRID),
    "grid, time first": ("grid", {"use_bias": False, "tied": "both"}, GRID),
    "grid, one kernel a block": ("grid", {"tied": "dimensions"}, GRID),
    "grid, own weights": ("grid with its own weights in each block", {}, GRID),
    "grid, dense along depth": ("grid without memory along depth", {}, GRID),
    "ntm": ("ntm", {}, ["y", "h", "c", every("read", 2, "/w"), every("write", 2, "/w"), "memory"]),
    "ntm without bias": (
        "ntm",
        {"use_bias": False},
        ["y", "h", "c", every("read", 2, "/w"), every("write", 2, "/w"), "memory"],
    ),
}


@pytest.mark.parametrize("start", ["zeros", "random"])
@pytest.mark.parametrize("row, own, names", CASES.values(), ids=CASES)
def test_traced_output_and_states_are_the_layers_own(row, own, names, start, rng):
    """Output at every step and the last states, in float64."""
    layer = ROW[row].layer(**own)
    layer.build((N, T, M))
    randomise(layer, rng)
    x, states = rng.normal(size=(N, T, M)), ROW[row].states(rng) if start == "random" else None

    traced = trace(layer, x, initial_state=states)

    output, *last = numpy(layer(x, initial_state=states))
    columns = [traced[n] if isinstance(n, str) else np.concatenate([traced[k] for k in n], axis=-1) for n in names]
    assert largest_difference(columns[0], output) < 1e-12
    assert largest_difference([c[:, -1] for c in columns[1:]], last) < 1e-12
    assert all(series.shape[:2] == (N, T) for series in traced.values())


@pytest.mark.parametrize("row", ["array with soft selection", "depth-gated", "ntm"])
def test_gates_lie_between_zero_and_one_and_shares_add_to_one(row, rng):
    """What is no gate is negative somewhere."""
    layer = ROW[row].layer()
    layer.build((N, T, M))
    randomise(layer, rng, scale=1.5)
    traced = trace(layer, rng.normal(size=(N, T, M)))

    for name, series in traced.items():
        letter = name.split("/")[-1]
        if letter in ("i", "f", "o", "d", "s", "g", "e", "w", "shift"):
            assert series.min() >= 0 and series.max() <= 1, name
        if letter in ("w", "shift"):
            np.testing.assert_allclose(series.sum(axis=-1), 1, atol=1e-12)
        if letter in ("c_tilde", "c", "h", "memory", "key", "y"):
            assert series.min() < 0, name
    if row == "array with soft selection":
        assert np.allclose(sum(traced[f"lane {k}/s"] for k in (1, 2, 3)), 1)


def test_a_depth_gate_lets_in_what_it_says(rng):
    """c of layer 2 is f c + i c_tilde + d c of layer 1, all of them as traced."""
    layer = ROW["depth-gated"].layer()
    layer.build((N, T, M))
    randomise(layer, rng)
    traced = trace(layer, rng.normal(size=(N, T, M)))

    i, f, c_tilde, d, c = (traced[f"layer 2/{name}"] for name in ("i", "f", "c_tilde", "d", "c"))
    before = np.concatenate([np.zeros_like(c[:, :1]), c[:, :-1]], axis=1)
    np.testing.assert_allclose(f * before + i * c_tilde + d * traced["layer 1/c"], c, atol=1e-13)


def test_a_memory_is_what_the_heads_wrote_and_a_head_reads_what_is_there(rng):
    """M_t from M_{t-1} by erase and add of both heads, and r from M_t, by the traced addresses."""
    layer = ROW["ntm"].layer()
    layer.build((N, T, M))
    randomise(layer, rng)
    traced = trace(layer, rng.normal(size=(N, T, M)))

    memory = traced["memory"].reshape(N, T, 6, 3)
    expected = np.concatenate([np.zeros_like(memory[:, :1]), memory[:, :-1]], axis=1)
    for head in ("write 1", "write 2"):
        expected = expected * (1 - traced[f"{head}/w"][..., None] * traced[f"{head}/e"][..., None, :])
    for head in ("write 1", "write 2"):
        expected = expected + traced[f"{head}/w"][..., None] * traced[f"{head}/a"][..., None, :]
    np.testing.assert_allclose(memory, expected, atol=1e-13)
    read = np.einsum("ntr,ntrm->ntm", traced["read 2/w"], memory)
    np.testing.assert_allclose(traced["read 2/seen"], read, atol=1e-13)


@pytest.mark.parametrize("how", [{}, {"peepholes": "channel", "padding": "same", "use_bias": False}, {"strides": 2}])
def test_traced_pictures_are_the_layers_own(how, rng):
    """From a random state; gates have the shape of the state."""
    layer = layers.PeepholeConvLSTM2D(
        2, (3, 2), **how, return_sequences=True, return_state=True, go_backwards=True, dtype="float64"
    )
    layer.build((N, T, 5, 6, M))
    randomise(layer, rng)
    x = rng.normal(size=(N, T, 5, 6, M))
    states = [rng.normal(size=(N, *layer.cell.picture)) for _ in range(2)]

    traced = trace(layer, x, initial_state=states)

    output, h, c = numpy(layer(x, initial_state=states))
    assert largest_difference([traced["h"], traced["h"][:, -1], traced["c"][:, -1]], [output, h, c]) < 1e-13
    assert {series.shape for series in traced.values()} == {(N, T, *layer.cell.picture)}
    assert all(traced[gate].min() > 0 for gate in "ifo")


@pytest.mark.parametrize("projection", [False, True])
def test_a_stack_is_traced_level_by_level(projection, rng):
    """Each cell under its number, and in a residual stack the sum that goes up."""
    cells = [GRUCell(5, dtype="float64"), ElmanCell(4, 5, dtype="float64"), PeepholeLSTMCell(5, dtype="float64")]
    if projection:
        cells[1] = ElmanCell(4, 2, dtype="float64")
    plain = keras.layers.StackedRNNCells(cells, dtype="float64")
    residual = ResidualStack(cells, projection=projection, dtype="float64")
    x = rng.normal(size=(N, T, M))
    for stack, output in ((plain, "3/h"), (residual, "3/sum")):
        layer = keras.layers.RNN(stack, return_sequences=True, return_state=True, dtype="float64")
        layer.build(x.shape)
        randomise(layer, rng)

        traced = trace(layer, x)

        y, *last = numpy(layer(x))
        assert largest_difference(traced[output], y) < 1e-13
        h, (c, memory) = traced["1/h"], (traced["3/h"], traced["3/c"])
        expected = [h[:, -1], traced["2/h"][:, -1], [c[:, -1], memory[:, -1]]]
        flat = keras.tree.flatten(last)
        assert largest_difference(keras.tree.flatten(expected), flat) < 1e-13
        assert ("2/sum" in traced) == (stack is residual)


@pytest.mark.parametrize("backwards", [False, True])
def test_both_directions_stand_beside_the_input(backwards, rng):
    """Concatenated they are the layer's output at every step, from random states."""
    first, second = (
        layers.PeepholeLSTM(5, return_sequences=True, go_backwards=go_backwards, dtype="float64")
        for go_backwards in (backwards, not backwards)
    )
    layer = keras.layers.Bidirectional(first, backward_layer=second, dtype="float64")
    x, states = rng.normal(size=(N, T, M)), [rng.normal(size=(N, 5)) for _ in range(4)]
    layer.build(x.shape)
    randomise(layer, rng)

    traced = trace(layer, x, initial_state=states)

    there, back = np.split(numpy(layer(x, initial_state=states)), 2, axis=-1)
    if backwards:  # Keras turns the second layer's output round, here the one that runs forwards
        there, back = there[:, ::-1], back[:, ::-1]
    assert largest_difference([traced["forward/h"], traced["backward/h"]], [there, back]) < 1e-13


def test_a_dense_stack_is_traced_layer_by_layer(rng):
    """The last layer's two directions are the output at every step."""
    layer = layers.DenselyConnectedBiLSTM(2, 3, 4, return_sequences=True, dtype="float64")
    x = rng.normal(size=(N, T, M))
    layer.build(x.shape)
    randomise(layer, rng)

    traced = trace(layer, x)

    output = np.concatenate([traced["4/forward/h"], traced["4/backward/h"]], axis=-1)
    assert largest_difference(output, numpy(layer(x))) < 1e-13
    assert len(traced) == 4 * 2 * 6


@pytest.mark.parametrize("row", ["array", "depth-gated", "grid", "ntm", "layer norm lstm", "nas"])
def test_every_trace_can_be_drawn(row, rng):
    """Maps of all, curves of one unit; the words name every quantity."""
    layer = ROW[row].layer(dtype="float32")
    layer.build((N, T, M))
    randomise(layer, rng)
    traced = trace(layer, rng.normal(size=(N, T, M)))

    maps, curves = all_units(traced), one_unit(traced, 1)

    assert all(name in maps.alt for name in traced)
    wide = {name for name, series in traced.items() if series.shape[-1] == UNITS}
    assert row == "ntm" or all(name in curves.alt for name in wide)
    assert maps.png.startswith(b"\x89PNG") and curves.png.startswith(b"\x89PNG")


def test_a_traced_picture_is_drawn_place_by_place(rng):
    """Rows, columns and filters one after the other."""
    layer = layers.PeepholeConvLSTM2D(2, 2)
    layer.build((1, 3, 3, 3, 1))
    traced = trace(layer, rng.normal(size=(1, 3, 3, 3, 1)))

    assert "8 in the last map" in all_units(traced).alt
    assert all(f"{name} goes from" in one_unit(traced, 7).alt for name in traced)
