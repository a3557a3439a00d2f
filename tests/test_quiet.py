"""The start-up log of TensorFlow stays off the screen, and nothing else does."""

import os
import subprocess
import sys

CODE = """
import sys

class Finder:
    def find_spec(self, name, *rest):
        if name == "keras":
            print("a warning", file=sys.stderr)

from course_kit.quiet import quiet_tensorflow
assert not {"tensorflow", "keras"} & set(sys.modules)
sys.meta_path.insert(0, Finder())
quiet_tensorflow()
import keras
keras.ops.matmul(keras.ops.ones((2, 3)), keras.ops.ones((3, 2)))
print("mine", file=sys.stderr)
"""


def said(**variables: str) -> str:
    """What a fresh process writes on stderr."""
    variables = {"KERAS_BACKEND": "tensorflow", **variables}
    surroundings = {name: value for name, value in os.environ.items() if name != "TF_CPP_MIN_LOG_LEVEL"}
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, env=surroundings | variables)
    return done.stderr


def test_only_the_log_is_silent():
    """Through the import and a first op; what is written during the import and after it arrives."""
    assert said() == "a warning\nmine\n"


def test_whoever_asks_for_the_log_gets_it():
    """Level 0 is TensorFlow's word for everything."""
    spoken = said(TF_CPP_MIN_LOG_LEVEL="0")
    assert "a warning\n" in spoken
    assert len(spoken.splitlines()) > 2


def test_an_import_that_fails_still_speaks():
    """A traceback is no log line."""
    assert "Unable to import backend" in said(KERAS_BACKEND="nonsense")
