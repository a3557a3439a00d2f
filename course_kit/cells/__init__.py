"""One step of a recurrent network each, as cells for `keras.layers.RNN`."""

from course_kit.quiet import quiet_tensorflow

quiet_tensorflow()

from course_kit.cells.elman import ElmanCell  # noqa: E402
from course_kit.cells.jordan import JordanCell  # noqa: E402
from course_kit.cells.lstm1997 import LSTM1997Cell  # noqa: E402
from course_kit.cells.peephole import PeepholeLSTMCell  # noqa: E402

__all__ = ["ElmanCell", "JordanCell", "LSTM1997Cell", "PeepholeLSTMCell"]
