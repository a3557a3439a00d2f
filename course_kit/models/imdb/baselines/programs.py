"""Programs that others published for ``keras.datasets.imdb``, with their own settings, as rows of the comparison.

Nothing of them was tuned here: words, steps, sizes, dropouts, epochs, batch and optimizer stand in the programs, and so
does that training ends after a fixed number of epochs. (Each of them shows the test set after every epoch. Here it is
read once, after the last.)
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from course_kit.datasets.imdb import Reviews
from course_kit.models.imdb.baselines.numbering import padded, ranks
from course_kit.models.imdb.rows import Run

KERAS_1, KERAS_3 = "keras 1", "sigmoid"
THRESHOLD = 0.5
SHORT_STEPS, SHORT_EPOCHS = 80, 1  # the kit's own reviews have at most 39 words


@dataclass(frozen=True)
class Program:
    """One program.

    Args:
        name, source: str.
        words: int, ``num_words``.
        steps: int, ``maxlen``.
        embedding: int, numbers a word.
        units: int, of an LSTM.
        net: str, "wiki", "lstm" or "bidirectional".
        batch, epochs: int.
        gates: str, KERAS_1 or KERAS_3.
        dropout: float, of inputs and of states, and in "wiki" of words.
    """

    name: str
    source: str
    words: int
    steps: int
    embedding: int
    units: int
    net: str
    batch: int
    epochs: int
    gates: str = KERAS_3
    dropout: float = 0.0
    seeds: bool = True

    @property
    def what(self) -> str:
        lstm = f"2 x BiLSTM {self.units}" if self.net == "bidirectional" else f"LSTM {self.units}"
        gates = "gates clip(0.2x+0.5)" if self.gates == KERAS_1 else "sigmoid gates"
        dropout = f"dropout {self.dropout:g}" if self.dropout else "no dropout"
        return (
            f"{self.source}: {self.words} words, last {self.steps}, Embedding {self.embedding}, {lstm}, {gates}, "
            f"{dropout}, batches of {self.batch}, {self.epochs} epoch{'s' * (self.epochs > 1)}"
        )

    def run(self, train: Reviews, test_texts: Sequence[str], seed: int, folder: Path) -> Run:
        from course_kit.models.imdb.baselines import fitting

        start = time.perf_counter()
        rank = ranks(train.texts)
        inputs = padded(train.texts, rank, self.words, self.steps)
        preparation = time.perf_counter() - start
        model, epochs = fitting.fit(self, inputs, train.labels, seed, folder)
        test = padded(test_texts, rank, self.words, self.steps)
        probabilities = model.predict(test, batch_size=256, verbose=0)[:, 0]
        return Run(
            probabilities=np.asarray(probabilities, dtype=np.float32),
            threshold=THRESHOLD,
            parameters=sum(int(np.prod(weight.shape)) for weight in model.trainable_weights),
            stored=model.count_params(),
            seconds=preparation + sum(epoch["seconds"] for epoch in epochs),
            notes={"epochs": epochs},
        )

    def short(self) -> "Program":
        return replace(self, steps=min(self.steps, SHORT_STEPS), epochs=SHORT_EPOCHS)


# Slides D2.15-20, the program of the ITMO wiki, which names no version: `nb_words` and `dropout_W` are Keras 1's.
WIKI = Program(
    name="wiki-keras1",
    source="ITMO wiki, Keras 1 (slides D2.15-20)",
    words=5000,
    steps=80,
    embedding=32,
    units=100,
    net="wiki",
    batch=64,
    epochs=7,
    gates=KERAS_1,
    dropout=0.2,
)
ROWS = (
    WIKI,
    replace(WIKI, name="wiki-keras3", gates=KERAS_3),
    # keras-team/keras, examples/imdb_lstm.py as of Keras 2: no more dropout of words
    Program(
        name="imdb-lstm",
        source="Keras' imdb_lstm example",
        words=20_000,
        steps=80,
        embedding=128,
        units=128,
        net="lstm",
        batch=32,
        epochs=15,
        dropout=0.2,
    ),
    # keras-team/keras-io, examples/nlp/bidirectional_lstm_imdb.py: its "first 200 words" are the last 200
    Program(
        name="bidirectional",
        source="Keras' bidirectional_lstm_imdb example",
        words=20_000,
        steps=200,
        embedding=128,
        units=64,
        net="bidirectional",
        batch=32,
        epochs=2,
    ),
)
