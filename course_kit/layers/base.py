"""A layer from a cell: it takes the cell's arguments and makes the cell; the loop over time is Keras' own."""

import inspect
from typing import Any, ClassVar

import keras


class RecurrentLayer(keras.layers.RNN):
    """A `keras.layers.RNN` that makes its own cell, as `keras.layers.LSTM` does.

    A subclass names the class of its cell and needs nothing else::

        @keras.saving.register_keras_serializable(package="course_kit")
        class Elman(RecurrentLayer, cell=ElmanCell):
            '''Elman's network over a whole sequence.'''

    `Elman(5, 2, return_sequences=True)` is then `RNN(ElmanCell(5, 2), return_sequences=True)`: first the
    arguments of the cell, in its order, then by name those of `RNN` (`return_sequences`, `return_state`,
    `go_backwards`, `stateful`, `unroll`, `zero_output_for_mask`) and of every layer (`name`, `dtype`, ...).
    What the cell was given stands in `layer.cell`. The configuration is flat, as that of `keras.layers.LSTM`.
    """

    cell_class: ClassVar[type]

    def __init_subclass__(cls, cell: type | None = None, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cell is not None:
            cls.cell_class = cell
            # what help(), notebooks and `bind` below read
            cls.__signature__ = inspect.Signature([*_parameters(cell), *_loop_parameters(), _OTHERS])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        given = self.__signature__.bind(*args, **kwargs).arguments
        others = given.pop("kwargs", {})
        for_cell = {p.name: given.pop(p.name) for p in _parameters(self.cell_class) if p.name in given}
        shared = {name: others[name] for name in ("dtype", "trainable") if name in others}
        super().__init__(self.cell_class(**for_cell, **shared), **given, **others)

    def get_config(self) -> dict[str, Any]:
        config, cell = super().get_config(), self.cell.get_config()
        del config["cell"]
        return {**config, **{p.name: cell[p.name] for p in _parameters(self.cell_class)}}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> "RecurrentLayer":
        return super(keras.layers.RNN, cls).from_config(config)  # not RNN's, which looks for a cell


_OTHERS = inspect.Parameter("kwargs", inspect.Parameter.VAR_KEYWORD)


def _parameters(cls: type) -> list[inspect.Parameter]:
    """The named arguments of a class, without `**kwargs`."""
    parameters = list(inspect.signature(cls.__init__).parameters.values())[1:]
    return [p for p in parameters if p.kind is not inspect.Parameter.VAR_KEYWORD]


def _loop_parameters() -> list[inspect.Parameter]:
    """The arguments of `keras.layers.RNN` but the cell, by name only."""
    return [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in _parameters(keras.layers.RNN)[1:]]
