"""These tests run under `make test-backends`, in an environment of its own that has PyTorch, JAX and Flax."""

from importlib.util import find_spec

if any(find_spec(library) is None for library in ("torch", "jax", "flax")):
    collect_ignore_glob = ["test_*.py"]
