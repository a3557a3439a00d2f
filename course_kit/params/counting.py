"""Count the parameters of a cell or layer from its configuration, without looking at its weights."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

from course_kit.params import systems
from course_kit.params.expression import Letter
from course_kit.params.formulas import whole
from course_kit.params.record import Count, printed_shape
from course_kit.params.systems import System, Tensor, UnknownSystem


def count(cell_or_layer_or_config: object, inputs: int | None = None) -> Count:
    """Count the parameters of a cell, a layer or a serialised one.

    Args:
        cell_or_layer_or_config: a Keras cell or layer, built or not, or a dict as from ``keras.layers.serialize``.
        inputs: the size of the last axis of what comes in; needed where nothing has been built yet.

    Raises:
        ValueError: if the number of inputs is missing, or is not the one that a layer was built with.
        UnknownSystem: if the table has no formula for the class.

    >>> config = {"class_name": "GRUCell", "config": {"units": 5, "reset_after": False}}
    >>> print(count(config, inputs=4))
    GRUCell: 3(n^2 + mn + n) = 3(5^2 + 4·5 + 5) = 150   (m = 4 inputs, n = 5 units)
      kernel            (4, 15) = (m, 3n)         60  from the inputs into z, r and h
      recurrent_kernel  (5, 15) = (n, 3n)         75  from h, one step ago, into z, r and h
      bias              (15,) = (3n,)             15  of z, r and h
      trainable 150, not trainable 0
      A count alone does not name a cell: GRU(reset_after=False) and the LSTM of 1997 both have three blocks.
    """
    serialized = _serialized(cell_or_layer_or_config)
    built_on = _built_on(serialized)
    if inputs is not None:
        (inputs,) = whole(inputs=inputs)
        if built_on not in (None, inputs) and _wants_inputs(serialized):
            raise ValueError(f"inputs must be what the layer was built on, {built_on}. Got {inputs}.")
    size = built_on if inputs is None else inputs
    try:
        return _count(serialized, ("", size), "")
    except KeyError as missing:
        name = systems.display_name(serialized)
        rule = f"the configuration of {name} must be as keras.layers.serialize gives it"
        raise ValueError(f"{rule}. Got none of {missing}.") from None


def _wants_inputs(serialized: Mapping) -> bool:
    system = systems.SYSTEMS.get(systems.name_in_table(serialized) or "")
    return system is None or system.inputs is not None


def _serialized(subject: object) -> Mapping:
    """The configuration of what was handed in; a class without a formula is not asked for one."""
    if isinstance(subject, Mapping):
        if not {"class_name", "config"} <= set(subject):
            keys = sorted(map(str, subject))
            raise ValueError(f"a configuration must hold 'class_name' and 'config'. Got the keys {keys}.")
        return subject
    import keras

    if isinstance(subject, keras.Model):
        raise TypeError("count takes one cell or layer; for a whole model call explain(model). Got a model.")
    if not isinstance(subject, keras.layers.Layer):
        raise TypeError(f"count takes a cell, a layer or the dict of keras.layers.serialize. Got {subject!r}.")
    kind = type(subject)
    name = keras.saving.get_registered_name(kind)
    if ">" not in name and getattr(keras.layers, name, None) is not kind:
        raise UnknownSystem(f"no formula is registered for {kind.__name__}, a class of {kind.__module__}")
    if name not in systems.SYSTEMS and name not in WRAPPERS:
        raise UnknownSystem(f"no formula is registered for {name}")
    try:
        return keras.layers.serialize(subject)
    except Exception as error:  # a cell inside a wrapper may have no get_config of its own
        raise UnknownSystem(f"{name} gives no configuration: {error}") from error


def _built_on(serialized: Mapping) -> int | None:
    """The size of the last axis that a layer was built with, as Keras keeps it in the configuration."""
    shapes = serialized.get("build_config") or {}
    shape = shapes.get("input_shape") or next(iter((shapes.get("shapes_dict") or {}).values()), None)
    return shape[-1] if isinstance(shape, (tuple, list)) and isinstance(shape[-1], int) else None


def _count(serialized: Mapping, inputs: tuple[str, int | None], suffix: str, trainable: bool = True) -> Count:
    """Count one serialised object.

    ``inputs`` is a letter and a number, the letter empty for the system's own; ``suffix`` makes n into n1.
    """
    config = serialized["config"]
    trainable = trainable and config.get("trainable", True)
    wrapper = WRAPPERS.get(systems.name_in_table(serialized) or "")
    if wrapper is not None:
        return wrapper(config, inputs, suffix, trainable)
    return _leaf(serialized, systems.find(serialized), inputs, suffix, trainable)


def _leaf(serialized: Mapping, system: System, inputs: tuple[str, int | None], suffix: str, trainable: bool) -> Count:
    name = systems.display_name(serialized).split(">")[-1]
    config = {**serialized["config"], "build_config": serialized.get("build_config")}
    if system.inputs and inputs[1] is None:
        rule = f"inputs must be given for {name}, which is not built: its count depends on {system.inputs}"
        raise ValueError(f"{rule}. Got None.")
    numbers, flags = system.numbers(config, inputs[1]), system.flag_values(config)
    whole(**numbers)
    letters = {letter: Letter(letter + suffix) for letter in numbers}
    if system.inputs:
        letters[system.inputs] = Letter(inputs[0] or system.inputs)
    digits = {letter: Letter(str(number)) for letter, number in numbers.items()}
    counted, in_letters = system.tensors(**numbers, **flags), system.tensors(**letters, **flags)
    return Count(
        name=name,
        symbol=system.formula(**letters, **flags),
        filled=system.formula(**digits, **flags),
        numbers={letters[letter].name: number for letter, number in numbers.items()},
        value=system.formula(**numbers, **flags),
        tensors=tuple(
            replace(tensor, trainable=tensor.trainable and trainable, symbol=printed_shape(twin.shape))
            for tensor, twin in zip(counted, in_letters, strict=True)
        ),
        output=(letters[system.output].name, numbers[system.output]) if system.output in numbers else ("", 0),
        notes=system.notes(**numbers, **flags) if callable(system.notes) else system.notes,
        words={letters[letter].name: word for letter, word in system.words.items() if letter in letters},
    )


def _together(name: str, parts: list[Count], prefixes: list[str], notes: tuple[str, ...] = ()) -> Count:
    """Several counts as one: sums of symbols, numbers and tensors."""
    symbol, filled = parts[0].symbol, parts[0].filled
    for part in parts[1:]:
        symbol, filled = symbol + part.symbol, filled + part.filled
    notes = dict.fromkeys([*notes, *(sentence for part in parts for sentence in part.notes)])
    return Count(
        name=name,
        symbol=symbol,
        filled=filled,
        numbers={letter: number for part in parts for letter, number in part.numbers.items()},
        value=sum(part.value for part in parts),
        tensors=tuple(
            replace(tensor, name=prefix + tensor.name)
            for part, prefix in zip(parts, prefixes, strict=True)
            for tensor in part.tensors
        ),
        output=parts[-1].output,
        notes=tuple(notes),
        words={letter: word for part in parts for letter, word in part.words.items()},
    )


def _rnn(config: dict, inputs: tuple, suffix: str, trainable: bool) -> Count:
    inner = _count(config["cell"], inputs, suffix, trainable)
    return replace(inner, name=f"RNN({inner.name})")


def _cells(config: dict, inputs: tuple, suffix: str, trainable: bool) -> list[Count]:
    """The cells of a stack, each counted on what the one below puts out."""
    parts: list[Count] = []
    cells = config["cells"]
    for place, cell in enumerate(cells, 1):
        own = f"{suffix}{place}" if len(cells) > 1 else suffix
        parts.append(_count(cell, parts[-1].output if parts else inputs, own, trainable))
    return parts


def _stacked_cells(config: dict, inputs: tuple, suffix: str, trainable: bool) -> Count:
    parts = _cells(config, inputs, suffix, trainable)
    name = f"StackedRNNCells({', '.join(part.name for part in parts)})"
    return _together(name, parts, [f"{place}/" for place in range(1, len(parts) + 1)])


def _residual_stack(config: dict, inputs: tuple, suffix: str, trainable: bool) -> Count:
    """A stack of cells with a kernel past each cell that is not as wide as what it gets."""
    cells = _cells(config, inputs, suffix, trainable)
    past = {
        level: _projection(below.output, above.output, level, trainable)
        for level, (below, above) in enumerate(pairwise(cells), 1)
        if below.output[1] != above.output[1]
    }
    name = f"ResidualStack({', '.join(cell.name for cell in cells)})"
    prefixes = ["" for _ in past] + [f"{place}/" for place in range(1, len(cells) + 1)]
    notes = ("The sums of a ResidualStack have no weights where a cell is as wide as what it gets.",)
    return _together(name, [*past.values(), *cells], prefixes, notes)


def _projection(below: tuple[str, int], above: tuple[str, int], level: int, trainable: bool) -> Count:
    """One kernel from the width of a cell to that of the next."""
    (m, n), letters = (below[1], above[1]), (Letter(below[0]), Letter(above[0]))
    tensor = Tensor(f"projection_{level}", (m, n), "past a cell of another width", trainable, printed_shape(letters))
    filled = Letter(str(m)) * Letter(str(n))
    return Count("projection", letters[0] * letters[1], filled, {}, m * n, (tensor,), above)


def _bidirectional(config: dict, inputs: tuple, suffix: str, trainable: bool) -> Count:
    forward = config["layer"]
    backward = config.get("backward_layer") or forward
    there, back = (_count(layer, inputs, suffix, trainable) for layer in (forward, backward))
    alike = there.symbol == back.symbol and there.numbers == back.numbers
    if not alike:
        there, back = (
            _count(forward, inputs, f"{suffix}1", trainable),
            _count(backward, inputs, f"{suffix}2", trainable),
        )
    notes = ("Bidirectional holds two layers that share nothing, one for each direction.",)
    total = _together(f"Bidirectional({there.name})", [there, back], ["forward/", "backward/"], notes)
    return replace(total, symbol=2 * there.symbol, filled=2 * there.filled) if alike else total


def _time_distributed(config: dict, inputs: tuple, suffix: str, trainable: bool) -> Count:
    inner = _count(config["layer"], inputs, suffix, trainable)
    notes = ("TimeDistributed uses the same weights at every step.", *inner.notes)
    return replace(inner, name=f"TimeDistributed({inner.name})", notes=notes)


# Classes that hold other layers: their count is made of the counts inside.
WRAPPERS = {
    "RNN": _rnn,
    "StackedRNNCells": _stacked_cells,
    "course_kit>ResidualStack": _residual_stack,
    "Bidirectional": _bidirectional,
    "TimeDistributed": _time_distributed,
}
