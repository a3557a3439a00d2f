"""These tests run under `make test-backends`, once for each backend that `KERAS_BACKEND` names.

TensorFlow has no PyTorch and no Flax beside it: what compares with those two runs on the other backends.
"""

import os
from importlib.util import find_spec

if "KERAS_BACKEND" not in os.environ:
    collect_ignore_glob = ["test_*.py"]
else:
    collect_ignore = [
        f"test_{name}.py" for name, library in (("pytorch", "torch"), ("flax", "flax")) if not find_spec(library)
    ]
