"""What notebook 15 judges by where no reference twin is asked: the upper layer of a depth-gated stack."""

import numpy as np

from course_kit.exercises.depth_and_grid import gated_layer
from course_kit.reference.depth_gated import depth_gated_step


def test_upper_layer_is_that_of_the_depth_gated_stack():
    """Two layers of the reference, without peepholes: the second is the exercise's layer on what the first hands up."""
    rng = np.random.default_rng(0)
    m, n = 5, 4
    h, c = rng.normal(size=(2, 2, 3, n))
    lower = {"W": rng.normal(size=(m, 4 * n)), "p": np.zeros((3, n))}
    upper = {"W": rng.normal(size=(n, 4 * n)), "p": np.zeros((3, n))}
    for layer in (lower, upper):
        layer |= {"U": rng.normal(size=(n, 4 * n)), "b": rng.normal(size=4 * n)}
    W_d, w_c, w_l, b_d = rng.normal(size=(n, n)), *rng.normal(size=(3, n))
    upper |= {"W_d": W_d, "w_d": np.stack([w_c, w_l]), "b_d": b_d}

    new_h, new_c = depth_gated_step(rng.normal(size=(3, m)), h, c, [lower, upper])
    lstm = upper["W"], upper["U"], upper["b"]
    found = gated_layer(new_h[0], h[1], c[1], new_c[0], lstm, (W_d, w_c, w_l, b_d))

    assert np.allclose(found, (new_h[1], new_c[1]), rtol=0, atol=1e-14)
