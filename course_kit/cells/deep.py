"""What cells of several layers share: the layers, their states and what dropout does to them."""

from course_kit.cells.base import RecurrentCell, positive_integer


class DeepCell(RecurrentCell):
    """A cell of `depth` layers of one width; its states are (h, c) of each layer, from the bottom up.

    Such cells are one cell and not several in `StackedRNNCells`, because a layer reads more of the one below it at
    the same step than its output.
    """

    def __init__(self, units: int, depth: int, **kwargs):
        super().__init__(units, **kwargs)
        self.depth = positive_integer("depth", depth)
        self.state_size = [self.units, self.units] * self.depth
        self.output_size = self.units

    def drop_hidden(self, inputs, states, training: bool):
        """`inputs` and every layer's h under the masks of this batch, and every layer's c; one mask for all layers."""
        hidden = [self.drop(inputs, h, training)[1] for h in states[::2]]
        return self.drop(inputs, states[0], training)[0], hidden, states[1::2]

    def get_config(self):
        return {**super().get_config(), "depth": self.depth}
