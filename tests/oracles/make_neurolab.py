"""Write `neurolab_elman.npz`: Elman networks as computed by neurolab's `newelm`, for `tests/cells/test_oracles.py`.

neurolab 0.3.5 runs only with numpy older than 2, so it has an environment of its own. To make the file again:

    python3.11 -m venv neurolab-env
    neurolab-env/bin/pip install "numpy<2" neurolab==0.3.5
    neurolab-env/bin/python tests/oracles/make_neurolab.py

The draws are seeded: the same bytes come out. Written with Python 3.11, numpy 1.26.4, neurolab 0.3.5.
"""

from pathlib import Path

import numpy as np

M, N, O, T = 3, 5, 2, 7  # inputs, hidden units, outputs, steps


def elman(rng, name: str, hidden, output) -> dict[str, np.ndarray]:
    """Weights, input, start and neurolab's answer for one pair of transfer functions."""
    import neurolab

    net = neurolab.net.newelm([[-1, 1]] * M, [N, O], [hidden, output])
    W, U, b_h, V, b_y = (rng.normal(size=shape, scale=0.6) for shape in [(M, N), (N, N), (N,), (N, O), (O,)])
    x, h0 = rng.normal(size=(T, M)), rng.normal(size=N)
    net.layers[0].np["w"][:] = np.concatenate([W, U]).T  # one row a unit: inputs, then context
    net.layers[0].np["b"][:] = b_h
    net.layers[1].np["w"][:] = V.T
    net.layers[1].np["b"][:] = b_y
    net.layers[0].out = h0.copy()  # what the context units hold before the first step

    h, y = np.empty((T, N)), np.empty((T, O))
    for t in range(T):
        y[t] = net.step(x[t])
        h[t] = net.layers[0].out
    arrays = {"W": W, "U": U, "b_h": b_h, "V": V, "b_y": b_y, "x": x, "h0": h0, "h": h, "y": y}
    return {f"{name}_{key}": value for key, value in arrays.items()}


def main() -> None:
    import neurolab.trans as trans

    rng = np.random.default_rng(1990)
    arrays = {
        **elman(rng, "tanh_linear", trans.TanSig(), trans.PureLin()),
        **elman(rng, "sigmoid_sigmoid", trans.LogSig(), trans.LogSig()),
    }
    np.savez(Path(__file__).with_name("neurolab_elman.npz"), **arrays)


if __name__ == "__main__":
    main()
