"""Make data/bracket_lstm.npz: an LSTM of six units, trained to predict the next symbol of bracket strings.

    python data/make_bracket_lstm.py            writes the file and prints what the net has learned

It is never told the depth; notebook 08 asks what it counts. The seeds are fixed, and one machine makes the same
bytes each time. Another processor or TensorFlow may round otherwise, and training blows the last digit up: then
the file differs, and course_kit/datasets/bracket.py and data/README.md need its new SHA-256.
"""

import hashlib
from pathlib import Path

import numpy as np

from course_kit.datasets.bracket import ALPHABET, depth, next_symbol, one_hot, strings
from course_kit.quiet import quiet_tensorflow
from course_kit.reference.lstm import lstm_forward

OUT = Path(__file__).resolve().parent / "bracket_lstm.npz"
UNITS, SEED = 6, 0
STRINGS, LENGTH = 2000, 61  # 60 symbols in, the same one later as target
EPOCHS, BATCH, RATE = 30, 50, 0.02  # the rate is halved every 8 epochs


def train() -> dict[str, np.ndarray]:
    """The weights under the names of the kit's notation, float32."""
    quiet_tensorflow()
    import keras

    keras.utils.set_random_seed(SEED)
    x = np.stack([one_hot(s) for s in strings(STRINGS, LENGTH, seed=SEED)]).astype("float32")
    model = keras.Sequential(
        [
            keras.Input((None, len(ALPHABET))),
            keras.layers.LSTM(UNITS, return_sequences=True),
            keras.layers.Dense(len(ALPHABET)),
        ]
    )
    model.compile(
        optimizer=keras.optimizers.Adam(RATE),
        loss=keras.losses.CategoricalCrossentropy(from_logits=True),
    )
    halve = keras.callbacks.LearningRateScheduler(lambda epoch: RATE * 0.5 ** (epoch // 8))
    model.fit(x[:, :-1], x[:, 1:], batch_size=BATCH, epochs=EPOCHS, callbacks=[halve], verbose=0)
    return dict(zip(("W", "U", "b", "V", "b_y"), model.get_weights(), strict=True))


def report(weights: dict[str, np.ndarray]) -> str:
    """What the net has learned, measured on 500 fresh strings."""
    fresh = strings(500, LENGTH, seed=1)
    x = np.stack([one_hot(s) for s in fresh])
    d = np.stack([depth(s) for s in fresh])[:, :-1]
    W, U, b, V, b_y = (weights[name].astype(np.float64) for name in ("W", "U", "b", "V", "b_y"))
    start = np.zeros((len(x), UNITS))
    h, c = lstm_forward(x[:, :-1], start, start, W, U, b)
    scores, target = h @ V + b_y, x[:, 1:]
    log_p = scores - np.log(np.exp(scores).sum(axis=-1, keepdims=True))
    best = next_symbol(d)
    share = target.reshape(-1, 3).mean(axis=0)
    correlation = [np.corrcoef(c[..., k].ravel(), d.ravel())[0, 1] for k in range(UNITS)]

    def hits(p):
        return (p.argmax(-1) == target.argmax(-1)).mean()

    return "\n".join(
        [
            f"loss {-(log_p * target).sum(-1).mean():.4f}",
            f"loss with the depth known {-np.log((best * target).sum(-1)).mean():.4f}",
            f"loss of fixed shares {-(share * np.log(share)).sum():.4f}",
            f"accuracy {hits(log_p):.4f}, with the depth known {hits(best):.4f}",
            "correlation of c with the depth, unit by unit: " + ", ".join(f"{r:.3f}" for r in correlation),
        ]
    )


if __name__ == "__main__":
    made = train()
    np.savez(OUT, **made)
    print(report(made))
    print(f"{OUT.name}: {OUT.stat().st_size} bytes, SHA-256 {hashlib.sha256(OUT.read_bytes()).hexdigest()}")
