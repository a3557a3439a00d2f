"""Reviews as they are typed become numbers: words, and the n-grams that end at each word. All inside the model."""

import keras
import numpy as np
import tensorflow as tf

ORDERS = 3  # one, two and three words
PADDING, UNKNOWN = 0, 1


def tokens(texts) -> tf.RaggedTensor:
    """Words, numbers and punctuation marks of each text, in lower case.

    A word is a run of the letters a to z and digits, with an apostrophe and what follows it if letters do: `don't`.
    The marks `! ? . , ; : ( ) " *` are tokens; `<br />` and everything else part tokens.

    Args:
        texts: (N,) strings, UTF-8.

    Returns:
        RaggedTensor (N, None) of strings.

    >>> print(tokens(["It isn't good...<br />NOT at all!"])[0].numpy())
    [b'it' b"isn't" b'good' b'.' b'.' b'.' b'not' b'at' b'all' b'!']
    """
    texts = tf.strings.lower(texts, encoding="utf-8")
    texts = tf.strings.regex_replace(texts, "<br ?/?>", " ")
    texts = tf.strings.regex_replace(texts, "[\u2018\u2019]", "'")
    texts = tf.strings.regex_replace(texts, r"[^a-z0-9'!?.,;:()\"*]", " ")
    texts = tf.strings.regex_replace(texts, r"([a-z0-9]+)'([a-z]+)", r"\1_\2 ")
    texts = tf.strings.regex_replace(texts, r"([!?.,;:()\"*])", r" \1 ")
    texts = tf.strings.regex_replace(texts, "'", " ")
    return tf.strings.split(tf.strings.regex_replace(texts, "_", "'"))


@keras.saving.register_keras_serializable(package="course_kit")
class ReviewReader(keras.layers.Layer):
    """Strings in; numbers of words and of n-grams out, cut to a length that whole segments fill.

    The vocabulary and the table of n-grams are set once by `learn` and saved with the model.

    Args:
        vocabulary: int, word numbers run from 0 (padding) and 1 (any other word) to vocabulary - 1.
        segment: int, the length of the output is a multiple of it.
        most: int, a multiple of twice the segment: of a longer review the first and the last half as many tokens.
        words: int, size of the vocabulary with which n-grams are told apart, >= vocabulary. Set by `learn`.
        grams: int, size of the table of n-grams, K. Set by `learn`.

    Shapes:
        inputs `(N,)` of strings; returns `words` `(N, T)` int32 and `grams` `(N, T, 3)` int32: the number in the table
        of the one, two and three words that end here, from 1 to K, and 0 where the table has none.
    """

    def __init__(self, vocabulary: int, segment: int, most: int, words: int = 0, grams: int = 0, **kwargs):
        super().__init__(**kwargs)
        self.vocabulary, self.segment, self.most = vocabulary, segment, most
        self.words, self.grams = words, grams
        self.lookup = keras.layers.StringLookup(mask_token="", name="lookup")
        if grams:
            self.build()

    def learn(self, words: list[str], keys: np.ndarray) -> None:
        """Set the vocabulary, most frequent word first, and the n-grams as `gram_keys` of them, sorted."""
        self.lookup.set_vocabulary(words)
        self.words = len(words) + 2
        if len(keys):
            self.grams = len(keys)
            self.build()
            self.keys.assign(keys)

    def build(self, input_shape=None):
        if self.grams and not self.built:
            self.keys = self.add_weight(
                shape=(self.grams,), dtype="int64", initializer="zeros", trainable=False, name="keys"
            )
        self.built = True

    def call(self, texts):
        words, lengths = self.numbers(texts)
        grams = self.find(gram_keys(words, lengths, self.words))
        keep, lengths = self._ends(lengths)
        longest = tf.maximum(tf.reduce_max(tf.concat([lengths, [1]], 0)), 1)
        steps = (longest + self.segment - 1) // self.segment * self.segment
        words = tf.where(words < self.vocabulary, words, UNKNOWN)
        words = _dense(tf.boolean_mask(words, keep), lengths, steps)
        grams = _dense(tf.boolean_mask(grams, keep), lengths, steps)
        words.set_shape([None, None])
        grams.set_shape([None, None, ORDERS])
        return words, grams

    def compute_output_spec(self, texts):
        rows = texts.shape[0]
        return keras.KerasTensor((rows, None), "int32"), keras.KerasTensor((rows, None, ORDERS), "int32")

    def numbers(self, texts):
        """All words of all texts one after the other: numbers of the large vocabulary (M,), and lengths (N,)."""
        found = tokens(tf.reshape(texts, [-1]))
        return tf.cast(self.lookup(found.flat_values), tf.int64), found.row_lengths()

    def find(self, keys):
        """The numbers in the table, (M, 3) int32, of such keys; 0 where it has none."""
        if not self.grams:
            return tf.zeros(tf.shape(keys), tf.int32)
        flat, table = tf.reshape(keys, [-1]), tf.convert_to_tensor(self.keys)
        at = tf.minimum(tf.searchsorted(table, flat), self.grams - 1)
        return tf.reshape(tf.where(tf.gather(table, at) == flat, at + 1, 0), tf.shape(keys))

    def _ends(self, lengths):
        """Which tokens are read: the first and the last half of `most`; and how many of each text."""
        ragged = tf.ragged.range(lengths)
        place, total = ragged.flat_values, tf.repeat(lengths, lengths)
        return (place < self.most // 2) | (place >= total - self.most // 2), tf.minimum(lengths, self.most)

    def get_config(self):
        own = {name: getattr(self, name) for name in ("vocabulary", "segment", "most", "words", "grams")}
        return {**super().get_config(), **own}


def gram_keys(words, lengths, base: int):
    """One whole number for each n-gram of one, two and three words that ends at a word: (M, 3) int64.

    In base `base` its digits are the words' numbers. -1 where it would reach back over the text's first word or holds
    an unknown one.
    """
    place = tf.ragged.range(lengths).flat_values
    keys, known, key = [], tf.ones_like(words, tf.bool), tf.zeros_like(words)
    for back in range(ORDERS):
        word = tf.roll(words, back, 0)
        known = known & (word > UNKNOWN) & (place >= back)
        key = key + word * tf.constant(base, tf.int64) ** back
        keys.append(tf.where(known, key, -1))
    return tf.stack(keys, 1)


def _dense(flat, lengths, steps):
    """Rows of `steps` numbers, zeros at the end."""
    dense = tf.RaggedTensor.from_row_lengths(tf.cast(flat, tf.int32), lengths).to_tensor(PADDING)
    short = tf.cast(steps, tf.int32) - tf.shape(dense)[1]
    return tf.pad(dense, [[0, 0], [0, short]] + [[0, 0]] * (dense.shape.rank - 2), constant_values=PADDING)
