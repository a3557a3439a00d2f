"""A ``course_kit`` that does nothing, for the student's process: checks and plots cost nothing when graded."""

import sys
from importlib.machinery import ModuleSpec
from types import ModuleType


class Quiet:
    """Answers every call, attribute, index and loop with itself or nothing."""

    def __init__(self, *_, **__):
        pass

    def __call__(self, *_, **__):
        return self

    def __getattr__(self, name: str):
        if name.startswith("__") or name.startswith("_repr_") or name.startswith("_ipython_"):
            raise AttributeError(name)
        return self

    def __getitem__(self, _):
        return self

    def __iter__(self):
        return iter(())

    def __len__(self):
        return 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return False

    def __mro_entries__(self, _):
        return ()

    def __repr__(self):
        return "<course_kit: quiet while grading>"


QUIET = Quiet()


class _QuietModule(ModuleType):
    def __getattr__(self, name: str):
        if name.startswith("__"):
            raise AttributeError(name)
        return QUIET


class _Finder:
    """Finds ``course_kit`` and whatever is asked for below it."""

    def find_spec(self, name: str, path=None, target=None):
        if name.partition(".")[0] == "course_kit":
            return ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _QuietModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        pass


def install() -> None:
    """From now on ``import course_kit`` finds the quiet one, and nothing else knows where the real one is."""
    # Not a look through all of sys.modules: touching 3,000 names copies their pages, 10 MiB for each worker.
    sys.meta_path[:] = [
        finder for finder in sys.meta_path if not getattr(finder, "__module__", "").startswith("__editable__")
    ]
    sys.meta_path.insert(0, _Finder())
