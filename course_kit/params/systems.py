"""The table of what can be counted: a class's name, and where its formula and its tensors come from.

A new system is one entry::

    register("course_kit>JordanCell", System(
        formula=formulas.jordan,
        letters={"n": "units", "o": "output_units"},
        flags=("use_bias",),
        output="o",
        tensors=lambda m, n, o, use_bias: [
            Tensor("kernel", (m, n), "from the inputs"), ...
        ],
    ))

``formula`` and ``tensors`` get the same keyword arguments: the inputs, the letters and the flags, read from the layer's
configuration. Both are called with numbers for the counts and with letters for the symbols, so they use ``+``, ``*``
and ``**`` alone.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from course_kit.params.expression import Expression


@dataclass(frozen=True)
class Tensor:
    """One weight of a layer: its name, its shape, and what its numbers do."""

    name: str
    shape: tuple
    meaning: str
    trainable: bool = True
    symbol: str = ""  # the shape in letters, "(m, 4n)"

    @property
    def number(self) -> int:
        return math.prod(self.shape)


@dataclass(frozen=True)
class System:
    """How one class is counted.

    Args:
        formula: the count, a function of the letters and flags.
        tensors: the weights in the order of ``layer.weights``, a function of the same.
        letters: for each letter of the formula the key of the configuration that holds its number, or a function of it;
            or a function of the configuration that gives this.
        flags: keys of the configuration that are handed on as they are.
        defaults: the value of a flag that a configuration written by hand leaves out, where it is not True.
        inputs: the letter for the last axis of what comes in; None where the count does not depend on it.
        output: the letter for the width of what goes out, which a stack puts in place of the next cell's inputs.
        notes: sentences that a reader should know; or a function of the same arguments that returns them.
        covers: whether the formula holds for this configuration. Where it does not, the layer counts as unknown.
        words: what a letter stands for, where ``record.LETTERS`` says something else or nothing.
    """

    formula: Callable[..., int | Expression]
    tensors: Callable[..., list[Tensor]]
    letters: Mapping[str, str | Callable[[dict], int]] | Callable[[dict], Mapping] = field(default_factory=dict)
    flags: tuple[str, ...] = ()
    defaults: Mapping[str, object] = field(default_factory=dict)
    inputs: str | None = "m"
    output: str = "n"
    notes: tuple[str, ...] | Callable[..., tuple[str, ...]] = ()
    covers: Callable[[dict], bool] = lambda config: True
    words: Mapping[str, str] = field(default_factory=dict)

    def numbers(self, config: dict, inputs: int | None) -> dict[str, int]:
        letters = self.letters(config) if callable(self.letters) else self.letters
        read = {letter: key(config) if callable(key) else config[key] for letter, key in letters.items()}
        return {self.inputs: inputs, **read} if self.inputs else read

    def flag_values(self, config: dict) -> dict[str, object]:
        return {flag: config.get(flag, self.defaults.get(flag, True)) for flag in self.flags}


SYSTEMS: dict[str, System] = {}


def register(name: str, system: System) -> None:
    """Add a system to the table.

    Args:
        name: ``"package>Class"`` as in ``keras.saving.register_keras_serializable``; a bare name is a class of
            ``keras.layers``.
        system: how it is counted.
    """
    if name in SYSTEMS:
        raise ValueError(f"a class is registered once. Got {name!r} again.")
    SYSTEMS[name] = system


class UnknownSystem(LookupError):
    """The table has no formula for a class, or none for the way it is configured."""


def name_in_table(serialized: Mapping) -> str | None:
    """The table's name for a serialised object, None for a class that is neither Keras' nor registered with a package.

    A subclass never passes for its parent: ``my>LSTM`` is a name of its own, and a class that is not registered at all
    has no module in its configuration.
    """
    registered = serialized.get("registered_name")
    if registered and ">" in registered:
        return registered
    return serialized["class_name"] if serialized.get("module", "keras.layers") == "keras.layers" else None


def find(serialized: Mapping) -> System:
    """The system of a serialised layer or cell."""
    system = SYSTEMS.get(name_in_table(serialized) or "")
    if system is None:
        raise UnknownSystem(f"no formula is registered for {display_name(serialized)}")
    if not system.covers(serialized["config"]):
        raise UnknownSystem(f"the formula for {display_name(serialized)} does not cover this configuration")
    return system


def display_name(serialized: Mapping) -> str:
    return name_in_table(serialized) or serialized["class_name"]
