"""These tests run under `make test-backends`, once for each backend that `KERAS_BACKEND` names.

TensorFlow has no PyTorch and no Flax beside it: what compares with those two runs on the other backends.
"""

import os
from importlib.util import find_spec

BESIDE = {"test_pytorch.py": "torch", "test_flax.py": "flax", "test_conventions.py": "flax"}

if "KERAS_BACKEND" not in os.environ:
    collect_ignore_glob = ["test_*.py"]
else:
    collect_ignore = [name for name, library in BESIDE.items() if not find_spec(library)]
