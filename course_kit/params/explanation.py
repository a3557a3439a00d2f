"""A model's parameters layer by layer: what the formulas expect, what the layers hold, whether they agree."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from course_kit.params import render
from course_kit.params.counting import Count, count
from course_kit.params.systems import UnknownSystem

_UNREACHED = "No call has reached this layer, so it has no weights yet."
AGREES, DISAGREES, UNKNOWN, NOT_BUILT, SHARED = "agrees", "disagrees", "unknown", "not built", "counted above"


@dataclass(frozen=True)
class Row:
    """One layer; ``expected`` is None where there is no formula, ``actual`` where there are no weights yet."""

    layer: str
    kind: str
    formula: str
    put_in: str
    expected: int | None
    actual: int | None
    verdict: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, repr=False)
class Explanation:
    """The table of a model; it prints as text, in colour on a terminal (rich) and as HTML in a notebook."""

    name: str
    rows: tuple[Row, ...]
    actual: int
    trainable: int

    @property
    def expected(self) -> int:
        """The sum of the formulas; of the known layers only, if there are others."""
        return sum(row.expected for row in self.rows if row.expected is not None and row.verdict != NOT_BUILT)

    @property
    def non_trainable(self) -> int:
        return self.actual - self.trainable

    @property
    def unknown(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.verdict == UNKNOWN)

    @property
    def agrees(self) -> bool:
        """Whether no layer contradicts its formula; a layer without a formula contradicts nothing."""
        return self.verdict != DISAGREES

    @property
    def verdict(self) -> str:
        known = self.actual - sum(row.actual for row in self.unknown)
        if any(row.verdict == DISAGREES for row in self.rows) or self.expected != known:
            return DISAGREES
        return UNKNOWN if self.unknown else AGREES

    def __str__(self) -> str:
        return render.text(self)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return render.html(self)

    def __rich__(self) -> object:
        return render.rich(self)


def explain(model: object) -> Explanation:
    """Compare every layer of a built Keras model, or one layer, with its formula.

    Layers of models inside the model are listed under ``inner/layer``. A layer whose class has no formula is listed as
    unknown with the weights it holds; a subclass of a known class has no formula until it is registered.

    Raises:
        TypeError: if it is neither a model nor a layer.
        ValueError: if it is not built, so that there is nothing to compare with.
    """
    import keras

    if not isinstance(model, keras.layers.Layer):
        raise TypeError(f"explain takes a Keras model or layer. Got {model!r}.")
    if not model.built:
        remedy = "call it on a batch or model.build(...) first"
        raise ValueError(f"{model.name} is not built, so it has no weights to compare: {remedy}.")
    rows = tuple(_model_rows(model, "", set()) if isinstance(model, keras.Model) else [_row(model, model.name)])
    return Explanation(
        name=model.name,
        rows=rows,
        actual=_size(model.weights),
        trainable=_size(model.trainable_weights),
    )


def _model_rows(model: object, path: str, seen: set[int]) -> Iterator[Row]:
    import keras

    listed: set[int] = set()
    for layer in model.layers:
        name = path + layer.name
        listed |= {id(weight) for weight in layer.weights}
        inner = layer.layer if type(layer) is keras.layers.TimeDistributed else layer
        if id(layer) in seen:
            yield Row(name, type(layer).__name__, "", "", 0, 0, SHARED)
        elif isinstance(inner, keras.Model) and inner.built:
            yield from _model_rows(inner, f"{name}/", seen)
        else:
            yield _row(layer, name)
        seen.add(id(layer))
    own = [weight for weight in model.weights if id(weight) not in listed]
    if own:
        note = "Weights of the model itself, outside its layers: " + _described((w.name, w.shape) for w in own) + "."
        yield Row(f"{path}(itself)", type(model).__name__, "", "", None, _size(own), UNKNOWN, (note,))


def _row(layer: object, name: str) -> Row:
    kind = type(layer).__name__
    actual = _size(layer.weights) if layer.built else None
    try:
        counted = count(layer)
    except (UnknownSystem, ValueError) as reason:
        if actual is None:
            return Row(name, kind, "", "", None, None, NOT_BUILT, (_UNREACHED,))
        return Row(
            name, kind, "", "", None, actual, UNKNOWN, (f"{str(reason)[0].upper()}{str(reason)[1:].rstrip('.')}.",)
        )
    if actual is None:
        verdict, notes = NOT_BUILT, (_UNREACHED,)
    elif counted.value == actual:
        verdict, notes = AGREES, counted.notes
    else:
        verdict, notes = DISAGREES, (_difference(counted, layer),)
    return Row(name, counted.name, counted.formula, counted.put_in, counted.value, actual, verdict, notes)


def _difference(counted: Count, layer: object) -> str:
    """Which tensors are in the layer and not in the formula, or the other way round."""
    more = []
    less = [(tensor.name, tensor.shape) for tensor in counted.tensors]
    for weight in layer.weights:
        match = next((due for due in less if due[1] == tuple(weight.shape)), None)
        if match:
            less.remove(match)
        else:
            more.append((weight.name, weight.shape))
    parts = [
        f"The layer holds {_described(more)}, which the formula has not." if more else "",
        f"The formula has {_described(less)}, which the layer does not hold." if less else "",
    ]
    return " ".join(filter(None, parts))


def _described(tensors: Iterable[tuple[str, tuple]]) -> str:
    return ", ".join(f"{name} {tuple(shape)}" for name, shape in tensors)


def _size(weights: Iterable) -> int:
    """The numbers in these weights, as ``count_params`` has it."""
    return sum(math.prod(weight.shape) for weight in weights)
