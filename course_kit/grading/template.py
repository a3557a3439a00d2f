"""The warm process that workers are forks of. Started as a plain file: ``python -s -P template.py FD MODULE...``

It imports TensorFlow once and never runs an operation: after one, every fork hangs at its first larger one (measured,
and known to TensorFlow's own issue list). A fork inherits memory, so this process never holds a test, a seed, a name
or a student's code: it knows the modules to import, and limits.
"""

import gc
import importlib
import json
import os
import signal
import socket
import sys
import warnings
from types import ModuleType

PACKAGE = "_course_kit_worker"


def load_our_half() -> ModuleType:
    """The worker's half of this directory as a package of its own: ``course_kit`` itself is never imported here."""
    package = ModuleType(PACKAGE)
    package.__path__ = [os.path.dirname(os.path.abspath(__file__))]
    sys.modules[PACKAGE] = package
    keeper = importlib.import_module(f"{PACKAGE}.keeper")
    package.__path__ = []
    return keeper


def threads() -> int:
    return len(os.listdir("/proc/self/task"))


def serve(control: socket.socket, keeper: ModuleType) -> None:
    """Fork a keeper for each order of the judge until the judge closes."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel buries ended keepers
    at_rest, own_pid = threads(), os.getpid()
    control.send(json.dumps({"ready": own_pid}).encode())
    while True:
        data, descriptors, _, _ = socket.recv_fds(control, 65536, 3)
        if not data:
            return
        order = json.loads(data)
        if threads() > at_rest:
            answer = {"refused": f"{threads() - at_rest} threads started in the template: a fork would hang"}
        elif (pid := os.fork()) == 0:
            control.close()
            link, channel, output = descriptors
            keeper.run(socket.socket(fileno=link), channel, output, order, own_pid)
        else:
            answer = {"keeper": pid}
        for descriptor in descriptors:
            os.close(descriptor)
        control.send(json.dumps(answer | {"number": order["number"]}).encode())


def main() -> None:
    control = socket.socket(fileno=int(sys.argv[1]))
    gc.disable()  # a sixth of the import's time
    keeper = load_our_half()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in sys.argv[2:]:
            importlib.import_module(name)
    # A collection in a fork would write to every object's header and so copy every page.
    gc.freeze()
    gc.enable()
    try:
        serve(control, keeper)
    except (BrokenPipeError, ConnectionResetError):
        pass  # the judge is gone
    finally:
        control.close()
        wait_for_keepers()


def wait_for_keepers() -> None:
    """Keepers end by themselves when their judge is gone; nobody is to find one after this process."""
    signal.alarm(20)
    while True:
        try:
            os.wait()
        except ChildProcessError:
            return


if __name__ == "__main__":
    main()
