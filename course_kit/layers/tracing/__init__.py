"""What `trace` knows of each cell: a step once more, with a name for everything in it."""

# they fill the table
from course_kit.layers.tracing import addons, deep, memory, nested, spine  # noqa: F401
from course_kit.layers.tracing.table import Step, step_of

__all__ = ["Step", "step_of"]
