"""Write `array_lstm.npz`: Array-LSTMs as computed by the package array-lstm, for `tests/cells/test_oracles_array.py`.

The package needs PyTorch, so it has an environment of its own. To make the file again:

    python3.11 -m venv array-lstm-env
    array-lstm-env/bin/pip install torch array-lstm==0.0.1
    array-lstm-env/bin/python tests/oracles/make_array_lstm.py

The draws are NumPy's and seeded; the answers are float64. Written with Python 3.11, torch 2.13.0, array-lstm 0.0.1.
"""

from pathlib import Path

import numpy as np

N, T, M, UNITS, LANES = 2, 7, 3, 5, 3
KEYS = ("W", "U", "b", "x", "h0", "c0", "h", "c")


def blocks(a: np.ndarray) -> np.ndarray:
    """Our columns, i, f, c, o and in each gate the lanes, as their rows: the lanes and in each lane f, i, o, c."""
    by_gate = a.reshape(*a.shape[:-1], 4, LANES, UNITS)[..., [1, 0, 3, 2], :, :]
    return np.ascontiguousarray(np.moveaxis(by_gate, -2, -3).reshape(*a.shape[:-1], -1).T)


def array_lstm(rng, name: str, attention: bool) -> dict[str, np.ndarray]:
    """Weights in the kit's layout, input, start and the package's answer."""
    import torch
    from arrayLSTM import ArrayLSTM
    from arrayLSTM.extensions import AttentionArrayLSTM

    torch.set_default_dtype(torch.float64)  # the package makes its zeros in the default
    W, U, b = (0.6 * rng.normal(size=(*rows, (5 if attention else 4) * LANES * UNITS)) for rows in [(M,), (UNITS,), ()])
    x, h0, c0 = (rng.normal(size=shape) for shape in [(N, T, M), (N, UNITS), (N, LANES, UNITS)])
    cut = 4 * LANES * UNITS
    U[:, cut:] = 0  # its attention does not see h
    network = (AttentionArrayLSTM if attention else ArrayLSTM)(M, UNITS, LANES)
    with torch.no_grad():
        for to, value in [
            (network.i2h.weight, blocks(W[:, :cut])),
            (network.h2h.weight, blocks(U[:, :cut])),
            (network.i2h.bias, blocks(b[:cut])),
            (network.h2h.bias, np.zeros(cut)),
        ]:
            to.copy_(torch.from_numpy(value))
        if attention:
            network.i2a.weight.copy_(torch.from_numpy(np.ascontiguousarray(W[:, cut:].T)))
            network.i2a.bias.copy_(torch.from_numpy(b[cut:]))
        start = (torch.from_numpy(h0[np.newaxis]), torch.from_numpy(np.swapaxes(c0, 0, 1).copy()))
        h, (_, c) = network(torch.from_numpy(x), start)
    c = np.swapaxes(c.numpy(), 0, 1).reshape(N, -1)
    return {
        f"{name}_{key}": value
        for key, value in zip(KEYS, (W, U, b, x, h0, c0.reshape(N, -1), h.numpy(), c), strict=True)
    }


def main() -> None:
    rng = np.random.default_rng(2016)
    arrays = {**array_lstm(rng, "base", attention=False), **array_lstm(rng, "soft", attention=True)}
    np.savez(Path(__file__).with_name("array_lstm.npz"), **arrays)


if __name__ == "__main__":
    main()
