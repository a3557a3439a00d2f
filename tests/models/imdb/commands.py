"""The command, run here or as a process of its own, with a recipe that trains in a second."""

import io
import os
import signal
import subprocess
import sys
from contextlib import redirect_stdout

from course_kit.cli import main

TINY = ("--data", "kit", "--units", "3", "--vectors", "8", "--segment", "8", "--most", "64", "--rate", "0.01")
ONE_CORE = {"OMP_NUM_THREADS": "1", "TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}


def imdb(*arguments) -> tuple[int, str]:
    """Exit code and what was printed, of ``course-kit imdb ...`` in this process."""
    with redirect_stdout(io.StringIO()) as printed:
        code = main(["imdb", *map(str, arguments)])
    return code, printed.getvalue()


def started(*arguments, **more) -> subprocess.Popen:
    """The same as a process of its own, which can be killed, and stopped by Ctrl-C."""
    command = [sys.executable, "-m", "course_kit.cli", "imdb", *map(str, arguments)]
    return subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | ONE_CORE,
        # A shell starts what runs in the background deaf to the keyboard, and the tests may be run so.
        **{"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.default_int_handler), **more},
    )
