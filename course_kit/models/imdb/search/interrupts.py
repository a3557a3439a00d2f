"""Ctrl-C is heard where it does no harm: not while a worker writes into the study, whose file it could leave locked."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Interrupts:
    """Keeps a Ctrl-C until the worker listens; a second one is heard at once. Use it as a context manager.

    Elsewhere than in the main thread, which alone gets signals, it changes nothing.

    Raises:
        KeyboardInterrupt: from `listening` and from `check`, wherever the signal came since the block began.
    """

    def __init__(self) -> None:
        self._heard = self._listens = False

    def __enter__(self) -> "Interrupts":
        self._main = threading.current_thread() is threading.main_thread()
        self._before = signal.getsignal(signal.SIGINT)
        if self._main and callable(self._before):  # not where it is ignored, as in a background job
            signal.signal(signal.SIGINT, self._come)
        return self

    def __exit__(self, *_: object) -> None:
        if self._main and callable(self._before):
            signal.signal(signal.SIGINT, self._before)

    @contextmanager
    def listening(self, yes: bool = True) -> Iterator[None]:
        """Within this block a signal ends the work; or, within such a block, it does not for a while."""
        before, self._listens = self._listens, yes
        try:
            self.check()
            yield
        finally:
            self._listens = before
        self.check()

    def check(self) -> None:
        """End the work if a signal has come."""
        if self._heard:
            raise KeyboardInterrupt

    def _come(self, *_: object) -> None:
        at_once, self._heard = self._listens or self._heard, True
        if at_once:
            raise KeyboardInterrupt
