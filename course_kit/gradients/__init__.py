"""Gradients through time, measured: by automatic and by central differences, step by step, truncated, and in `fit`.

The same by hand stands in `course_kit.reference`: `bptt`, `bptt_lstm`, `bptt_truncated`, `jacobians`, `clipping`.
"""

from course_kit.quiet import quiet_tensorflow

quiet_tensorflow()

from course_kit.gradients.explosion import Explosion, first_explosion  # noqa: E402
from course_kit.gradients.jacobians import jacobian_norms, jacobian_product, sensitivity, state_jacobians  # noqa: E402
from course_kit.gradients.monitor import GradientMonitor  # noqa: E402
from course_kit.gradients.truncated import truncated_gradients, truncated_steps  # noqa: E402
from course_kit.gradients.weights import weight_differences, weight_gradients  # noqa: E402

__all__ = [
    "Explosion",
    "GradientMonitor",
    "first_explosion",
    "jacobian_norms",
    "jacobian_product",
    "sensitivity",
    "state_jacobians",
    "truncated_gradients",
    "truncated_steps",
    "weight_differences",
    "weight_gradients",
]
