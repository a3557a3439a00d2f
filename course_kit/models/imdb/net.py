"""The net: words and what their n-grams say, read in pieces by a bidirectional LSTM, pooled over the whole review."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

from course_kit.models.imdb.reading import ORDERS, PADDING, UNKNOWN, ReviewReader
from course_kit.models.imdb.recipe import Recipe


@keras.saving.register_keras_serializable(package="course_kit")
class WordDropout(layers.Layer):
    """In training some words become unknown, and what their n-grams say becomes zero with them.

    Args:
        rate: float in [0, 1), the share.
        seed: int or None.

    Shapes:
        words `(N, T)` int32 and features `(N, T, F)`, or words alone; returns the same.
    """

    def __init__(self, rate: float, seed: int | None = None, **kwargs):
        super().__init__(**kwargs)
        self.rate, self.seed = rate, seed
        self.generator = keras.random.SeedGenerator(seed)

    def call(self, words, features=None, training=False):
        if training and self.rate:
            kept = keras.random.uniform(ops.shape(words), seed=self.generator) >= self.rate
            words = ops.where(ops.logical_or(kept, words == PADDING), words, UNKNOWN)
            if features is not None:
                features = features * ops.cast(kept, features.dtype)[..., None]
        return words if features is None else (words, features)

    def compute_output_spec(self, words, features=None, training=False):
        return words if features is None else (words, features)

    def get_config(self):
        return {**super().get_config(), "rate": self.rate, "seed": self.seed}


@keras.saving.register_keras_serializable(package="course_kit")
class InSegments(layers.Wrapper):
    """A recurrent layer that reads all pieces of a sequence side by side, each from the zero state.

    The loop is `segment` steps long however long the sequence is; nothing is carried over a border.

    Args:
        layer: a Keras layer from `(N, S, m)` to `(N, S, n)` that takes a mask.
        segment: int, S.

    Shapes:
        inputs `(N, T, m)` and mask `(N, T)` of booleans, T a multiple of S; returns `(N, T, n)`.
    """

    def __init__(self, layer, segment: int, **kwargs):
        super().__init__(layer, **kwargs)
        self.segment = segment

    def build(self, input_shape):
        if not self.layer.built:
            self.layer.build((None, self.segment, input_shape[-1]))
        self.built = True

    def call(self, inputs, mask, training=False):
        pieces = ops.reshape(inputs, (-1, self.segment, inputs.shape[-1]))
        states = self.layer(pieces, mask=ops.reshape(mask, (-1, self.segment)), training=training)
        return ops.reshape(states, (ops.shape(inputs)[0], ops.shape(inputs)[1], states.shape[-1]))

    def compute_output_shape(self, inputs_shape, mask_shape=None):
        width = self.layer.compute_output_shape((None, self.segment, inputs_shape[-1]))[-1]
        return (*inputs_shape[:-1], width)

    def get_config(self):
        return {**super().get_config(), "segment": self.segment}


@keras.saving.register_keras_serializable(package="course_kit")
class PoolOverTime(layers.Layer):
    """The largest and the mean value of each feature over the steps that the mask leaves; zero if it leaves none.

    Shapes:
        inputs `(N, T, n)`, mask `(N, T)`; returns `(N, 2n)`.
    """

    def call(self, inputs, mask):
        there = ops.cast(mask, inputs.dtype)[..., None]
        count = ops.sum(there, 1)
        largest = ops.max(ops.where(there > 0, inputs, -1e9), 1)
        mean = ops.sum(inputs * there, 1) / ops.maximum(count, 1)
        return ops.concatenate([ops.where(count > 0, largest, 0.0), mean], -1)

    def compute_output_shape(self, inputs_shape, mask_shape=None):
        return (inputs_shape[0], 2 * inputs_shape[-1])


def core(recipe: Recipe, vectors: np.ndarray, features: int, seed: int) -> keras.Model:
    """The part that is trained: numbers in, logit out.

    Args:
        vectors: (vocabulary, d), held still: trained with the rest they learn the training reviews by heart.
        features: int, F, what is known of each n-gram; 0 for the words alone.
        seed: int, of the initial weights and the dropouts.

    Returns:
        Model from words `(N, T)` int32 and, if F, features `(N, T, 3 F)`, to logits `(N, 1)`.
    """
    keras.utils.set_random_seed(seed)
    words = keras.Input((None,), dtype="int32", name="words")
    inputs = (words,)
    drop = WordDropout(recipe.word_dropout, seed=seed, name="word_dropout")
    if features:
        inputs += (keras.Input((None, ORDERS * features), name="features"),)
        kept, beside = drop(*inputs)
    else:
        kept, beside = drop(words), None
    embedding = layers.Embedding(*vectors.shape, trainable=False, name="word_vectors")
    x = layers.SpatialDropout1D(recipe.input_dropout, seed=seed + 1)(embedding(kept))
    embedding.set_weights([vectors])
    mask = words != PADDING
    if features:
        x = layers.Concatenate()([x, beside])
    lstm = layers.Bidirectional(layers.LSTM(recipe.units, return_sequences=True))
    x = PoolOverTime(name="pool")(InSegments(lstm, recipe.segment, name="lstm")(x, mask), mask)
    x = layers.Dropout(recipe.dropout, seed=seed + 2)(x)
    return keras.Model(inputs, layers.Dense(1, name="logit")(x), name=f"review_net_{seed}")


@keras.saving.register_keras_serializable(package="course_kit")
class ReviewModel(keras.Model):
    """Reviews as they are typed in, the probability of a good one out: `predict(["raw review", ...])` is `(N, 1)`."""

    def predict(self, x, **kwargs):
        if isinstance(x, str):
            raise ValueError(f"predict takes a list of reviews. Got one string: put it in a list, [{x[:20]!r}...].")
        if isinstance(x, (list, tuple)):
            x = tf.constant(list(x), tf.string, shape=(len(x),))
        return super().predict(x, **kwargs)


def whole(reader: ReviewReader, known: np.ndarray, cores: list[keras.Model]) -> ReviewModel:
    """The model from strings to a probability: the mean logit of the nets.

    Args:
        known: (K + 1, F), what is known of each n-gram, row 0 zero.
        cores: nets as `core` makes them.
    """
    texts = keras.Input((), dtype="string", name="texts")
    words, grams = reader(texts)
    inputs = (words,)
    if known.shape[1]:
        lookup = layers.Embedding(*known.shape, trainable=False, name="ngram_weights")
        inputs += (layers.Reshape((-1, ORDERS * known.shape[1]), name="features")(lookup(grams)),)
        lookup.set_weights([known])
    logits = [net(inputs) for net in cores]
    mean = layers.Average(name="mean_logit")(logits) if len(logits) > 1 else logits[0]
    return ReviewModel(inputs=texts, outputs=layers.Activation("sigmoid", name="probability")(mean), name="reviews")


def count(model: keras.Model) -> int:
    """How many parameters were trained: word vectors and n-gram tables are counted from the data, not trained."""
    return int(sum(np.prod(weight.shape) for weight in model.trainable_weights))
