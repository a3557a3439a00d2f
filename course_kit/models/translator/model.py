"""The network: an encoder, attention, a decoder, wired as Google's translator of 2016, in small."""

import keras
from keras import ops

from course_kit.cells import ResidualStack
from course_kit.models.translator.vocabulary import Vocabulary


@keras.saving.register_keras_serializable(package="course_kit")
class EncoderDecoder(keras.Model):
    r"""Encoder and decoder of LSTM layers with attention, after GNMT.

    Slides: D5.17 "Google's Neural Machine Translation System".

    The bottom layer of the encoder reads from both ends; above it lie one-way layers, the first of which halves the
    width again, and from the next one on each adds what it was given. The bottom layer of the decoder reads the words
    written so far. Its output $q_i$ asks,

    $$s_{ij} = v \cdot \tanh(q_i W_q + x_j W_k), \qquad p_{ij} = \frac{e^{s_{ij}}}{\sum_l e^{s_{il}}}, \qquad
    a_i = \sum_j p_{ij} x_j,$$

    where the $x_j$ come from the top of the encoder, and the answer $a_i$ goes to all layers of the decoder above the
    bottom one and to the read-out. These layers too add what they were given, from the third on. Since the bottom
    layer does not wait for $a_i$, a whole sentence is attended to at once while the model is taught. A layer of the
    decoder starts in the state in which the layer of the encoder at its height ended (the bottom one: its forward
    half).

    In the paper the read-out gets the top layer alone. That works too, later: after 600 batches of 64 sentences 3 % of
    held-out ones came out right, and 84 % with the context (one seed; the data of `pairs`).

    Args:
        source_words, target_words: What `Vocabulary` takes.
        units: n, of each LSTM layer.
        embedding: m, numbers for a word.
        layers: Of the encoder and of the decoder; 3 or more. The paper has 8.

    Shapes:
        inputs `{"source": (N, S), "target": (N, T)}`, numbers of words; returns the scores of the next words,
        `(N, T, len(target vocabulary))`.

    Raises:
        ValueError: there are fewer than three layers.

    Source:
        Y. Wu et al., "Google's Neural Machine Translation System", arXiv 1609.08144 (2016), section 3 and figure 1.

    Example:

    >>> import numpy as np
    >>> model = EncoderDecoder(["one", "two"], ["один", "два", "две"], units=4, embedding=3)
    >>> tuple(model({"source": np.array([[4, 2]]), "target": np.array([[1, 4]])}).shape)
    (1, 2, 7)
    """

    def __init__(self, source_words, target_words, units=64, embedding=32, layers=3, **kwargs):
        super().__init__(**kwargs)
        if not isinstance(layers, int) or layers < 3:
            raise ValueError(f"layers must be an integer from 3 on: residual links start there. Got {layers!r}.")
        self.source, self.target = Vocabulary(source_words), Vocabulary(target_words)
        self.units, self.embedding, self.depth = units, embedding, layers
        self.source_embedding = _words(len(self.source), embedding, name="source_embedding")
        self.first = keras.layers.Bidirectional(_lstm(units), name="encoder_1")
        self.upper = keras.layers.RNN(
            ResidualStack([keras.layers.LSTMCell(units) for _ in range(layers - 1)]),
            return_sequences=True,
            return_state=True,
            name="encoder_upper",
        )
        self.target_embedding = _words(len(self.target), embedding, name="target_embedding")
        self.query = keras.layers.Dense(units, use_bias=False, name="query")
        self.key = keras.layers.Dense(units, use_bias=False, name="key")
        self.attention = keras.layers.AdditiveAttention(name="attention")
        self.decoder = [_lstm(units, name=f"decoder_{k}") for k in range(1, layers + 1)]
        self.readout = keras.layers.Dense(len(self.target), name="readout")

    def build(self, input_shape):
        m, n = self.embedding, self.units
        self.source_embedding.build((None, None))
        self.target_embedding.build((None, None))
        self.first.build((None, None, m))
        self.upper.build((None, None, 2 * n))
        self.query.build((None, None, n))
        self.key.build((None, None, n))
        self.attention.build([(None, None, n)] * 3)
        for k, layer in enumerate(self.decoder):
            layer.build((None, None, m if k == 0 else 2 * n))
        self.readout.build((None, None, 2 * n))
        self.built = True

    def call(self, inputs):
        memory, mask, state = self.encode(inputs["source"])
        return self.decode(inputs["target"], memory, mask, state)[0]

    def encode(self, source, state=None):
        """Read sentences.

        Args:
            source: (N, S), numbers of words; 0 is padding.
            state: what an earlier call returned, to go on from it; None: from nothing.

        Returns:
            memory (N, S, n), mask (N, S), True where a word is, and the state: a list of `layers` pairs h, c.
        """
        source = ops.convert_to_tensor(source)
        zero = ops.zeros((ops.shape(source)[0], self.units), dtype=self.compute_dtype)
        first, *upper = state or [[zero, zero]] * self.depth
        mask = ops.not_equal(source, 0)
        x, h, c, _, _ = self.first(
            self.source_embedding(source), mask=mask, initial_state=[*first, zero, zero]
        )  # the half that reads backwards begins at the end, where nothing came before
        memory, *upper = self.upper(x, mask=mask, initial_state=upper)
        return memory, mask, [[h, c], *(list(pair) for pair in upper)]

    def decode(self, target, memory, mask, state):
        """Scores of what comes next after each of the words in `target`.

        Args:
            target: (N, T), numbers of words, the first of them the start.
            memory, mask, state: of `encode`; for one more word, the state of the call before.

        Returns:
            scores (N, T, words), the new state, and the weights p (N, T, S) of the attention.
        """
        x, h, c = self.decoder[0](self.target_embedding(target), initial_state=state[0])
        after = [[h, c]]
        # Under the name "mask" AdditiveAttention takes one for the queries and one for the values.
        context, weights = self.attention(
            [self.query(x), memory, self.key(memory)], mask=[None, mask], return_attention_scores=True
        )
        for level, layer in enumerate(self.decoder[1:], 1):
            y, h, c = layer(ops.concatenate([x, context], axis=-1), initial_state=state[level])
            after.append([h, c])
            x = y + x if level > 1 else y
        return self.readout(ops.concatenate([x, context], axis=-1)), after, weights

    def get_config(self):
        return {
            **super().get_config(),
            "source_words": self.source.words,
            "target_words": self.target.words,
            "units": self.units,
            "embedding": self.embedding,
            "layers": self.depth,
        }


def _lstm(units, **kwargs):
    return keras.layers.LSTM(units, return_sequences=True, return_state=True, **kwargs)


def _words(count, embedding, **kwargs):
    """Vectors of a size that layers work with: Keras' own start within 0.05, and attention then takes long to form."""
    return keras.layers.Embedding(
        count, embedding, embeddings_initializer=keras.initializers.RandomNormal(0.0, 0.5), **kwargs
    )
