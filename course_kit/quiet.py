"""Load Keras without the lines that TensorFlow writes to the screen while it starts."""

import os
import re
import sys
import tempfile

_LEVEL = "TF_CPP_MIN_LOG_LEVEL"
# Severity and date: "I0000 00:00:1795225094.019720    4630 port.cc:153] oneDNN ..." (TensorFlow 2.21). The message on
# the processor's instructions runs over two lines, of which the second has no stamp.
_LOG_LINE = re.compile(
    rb"[IWEF]\d{4} \d\d:\d\d:|\d{4}-\d\d-\d\d [\d:.]+: [IWEF] "
    rb"|WARNING: All log messages before absl::InitializeLog|To enable the following instructions: "
)


def quiet_tensorflow() -> None:
    """Import Keras and its backend now, and keep their start-up log off the screen.

    Two things speak while TensorFlow starts. What is logged once its logging is set up obeys
    ``TF_CPP_MIN_LOG_LEVEL``, which is set here for this process and its children. What is logged before that
    (oneDNN, missing CUDA drivers, "All log messages before absl::InitializeLog()") obeys no variable: it goes
    straight to file descriptor 2 while the library loads. So for the length of the import that descriptor leads to
    a file, and whatever is found there that is no log line, a Python warning for instance, is handed on.

    Whoever sets ``TF_CPP_MIN_LOG_LEVEL`` to 0 or 1 asks for the lines, and gets them.
    """
    if os.environ.setdefault(_LEVEL, "3") in ("0", "1") or "keras" in sys.modules:
        return
    sys.stderr.flush()
    screen = os.dup(2)
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        try:
            import keras  # noqa: F401
        finally:
            sys.stderr.flush()
            os.dup2(screen, 2)
            os.close(screen)
            held.seek(0)
            for line in held:
                if not _LOG_LINE.match(line):
                    os.write(2, line)
