# %% [markdown]
# # 01 Sequences, and what one can ask of them
#
# After this notebook you can
#
# - say what a sequence has that a bag of its elements has not, and measure it on real text,
# - put sequences of different lengths into one table without letting the zeros count,
# - build the five arrangements of inputs and outputs that a recurrent network can have, and prove from its derivatives which
#   one a model is,
# - say what is lost when a sequence is boiled down to a vector.
#
# Slides: D2.3, D3.2-D3.8, D3.11, D4.4, D4.5. Time: about two hours. Before it: notebook 00. TensorFlow is needed from the comparison
# in E01.2 on.

# %% tags=["setup"]
import numpy as np

from course_kit import check, hint, progress
from course_kit.plots import schemas, sequences, slider

# %% [markdown] tags=["slide:D3.2", "slide:D3.3"]
# ## Things that come one after the other
#
# Slides: D3.2 *Dane to ciągi różnych długości (1/6)* (Data are sequences of different lengths, build 1); D3.3 *Dane to ciągi (2/6): obiekty
# bazowe* (build 2: base objects).
#
# A text, a film and a piece of music have two things in common. Each is a row of *elements* of one kind, and no two of them are equally
# long. The Polish slides call the elements base objects: tokens, pictures, sounds. To a program an element is an array, and all elements
# of a sequence have the same shape; the sequence is an array with one more axis in front, the axis of steps. Its length $T$ is not a
# property of the kind. It is a property of this one example, and that is where the trouble begins.

# %%
three = {
    "text": np.zeros(120, dtype=int),  # 120 tokens, each the number of a word
    "film": np.zeros((250, 48, 64, 3), dtype=np.uint8),  # ten seconds of pictures, 48 x 64 pixels, in colour
    "music": np.zeros((500, 160)),  # ten seconds at 8000 samples a second, in pieces of 20 ms
}
for name, array in three.items():
    print(f"{name:6s} shape {array.shape!s:18s} steps T = {len(array)}")

# %% [markdown]
# Notebook 00 gave the kit's one notation: a batch of sequences whose elements are vectors of $m$ numbers is $x$ with shape $(N, T, m)$,
# the batch first. Everything below comes down to what may be done along the second axis.

# %% [markdown] tags=["slide:D3.5", "slide:D3.7"]
# ## Order
#
# ### E01.1 Same words, other order
#
# Slides: D3.5 *Dane to ciągi (4/6): Uwaga 2* (build 4: order matters); D3.7 *Dane to ciągi (6/6): odpowiedź* (build 6: reduce to vectors,
# or use dedicated methods).
#
# The second remark of the Polish slides is that the order of the elements is essential. Everybody nods; so let us be exact about it. The
# oldest way to make a vector of a text is the *bag of words*: with a vocabulary of $V$ words, numbered from 0, the sentence
# $w_1, \dots, w_T$ becomes the vector of counts
#
# $$\mathrm{bag}_k = \#\{t : w_t = k\}, \qquad k = 0, \dots, V-1,$$
#
# of shape $(V,)$, however long the sentence is. A classifier that reads bags computes some function of this vector. Two sentences with
# the same bag get the same answer from it, *whatever its weights are*; no amount of training helps. A recurrent network reads one word
# after the other and need not do so.
#
# Here are eight words and a small recurrent network, with fixed weights, that gives a score to a sentence. It is the network of notebook
# 02, and nothing about it was trained.

# %%
words = ["the", "old", "man", "dog", "bites", "sees", "a", "not"]


def numbers(sentence):
    """The words of a sentence as a list of their numbers."""
    return [words.index(word) for word in sentence.split()]


W = np.sin(np.arange(1.0, 33.0)).reshape(8, 4)
U = 0.8 * np.cos(np.arange(1.0, 17.0)).reshape(4, 4)
v = np.array([1.0, -1.0, 0.5, 0.8])


def read_along(tokens):
    """The net's score after each word: h = tanh(x W + h U), score = h v."""
    h, scores = np.zeros(4), []
    for token in tokens:
        h = np.tanh(W[token] + h @ U)  # a row of W is what x W gives for a word
        scores.append(h @ v)
    return scores


for sentence in ("man bites dog", "dog bites man"):
    print(f"{sentence}: numbers {numbers(sentence)}, score {read_along(numbers(sentence))[-1]:+.3f}")

# %% [markdown]
# **Write** three things.
#
# 1. `bag(tokens, size)`: the counts as an array of shape `(size,)`, for a list of word numbers and a vocabulary of `size` words.
# 2. `pair`: two sentences of your own from the eight words, each of five words or more, as two lists of numbers. Their bags are equal,
#    they are not, and the net tells them apart: the last scores differ by more than 0.001. `numbers("...")` makes the lists.
# 3. `other_order(tokens)`: for any list that is not one word repeated, another list with the same bag that is not the same list. Any such
#    list will do, but beware: reversing does not always give one.
#
# **Checked for:** the bag, with words that do not occur; your pair; other orders of all kinds of lists, some of them nasty.


# %% tags=["stub", "E01.1"]
def bag(tokens, size):
    """How often each of the words 0 .. size - 1 occurs in the list tokens; an array (size,)."""
    return None  # replace this line


pair = None  # replace this line: two lists of numbers, (numbers("..."), numbers("..."))


def other_order(tokens):
    """A list with the same bag as the list tokens, in another order."""
    return None  # replace this line


# %% tags=["solution", "E01.1"]
def bag(tokens, size):
    """How often each of the words 0 .. size - 1 occurs in the list tokens; an array (size,)."""
    return np.bincount(tokens, minlength=size)


pair = (numbers("the old man bites the dog"), numbers("the old dog bites the man"))


def other_order(tokens):
    """A list with the same bag as the list tokens, in another order."""
    return tokens[1:] + tokens[:1]


# %% tags=["check", "E01.1"]
check("E01.1")

# %% tags=["hint", "E01.1"]
# hint("E01.1", 1)

# %% tags=["figure", "E01.1"]
sequences.two_orders(bag, pair, read_along, words)

# %% [markdown]
# Left, the bars come in equal pairs: that is all that a bag classifier is given. Right, the two lines run together as long as the words
# agree and part at the first that differs. After the last word they are still apart, although by then every word of the one has been read
# in the other, too. What the figure does not show is a *useful* difference. An untrained net tells the two apart by accident; which of
# them is the better news it would have to learn.
#
# A net that can tell orders apart need not do so well. In the next cell the first two words are exchanged, and then the same word
# follows, ever more often.

# %%
for fillers in (0, 2, 5, 10, 20, 40):
    scores = [read_along(numbers(start + " the" * fillers))[-1] for start in ("dog man", "man dog")]
    print(f"{fillers:2d} words after the exchange: the scores differ by {abs(scores[0] - scores[1]):.1e}")

# %% [markdown]
# So "a recurrent network sees the order" is true for a while. How long, and what can be done about it, is the subject of notebooks 06 to 09.
#
# **To think about.** When does moving the first word to the end give the same list back?

# %% [markdown] tags=["solution", "E01.1"]
# **Answer.** Then each word equals the one after it, all the way round, so all are equal, and that case was excluded. Compare the other
# candidates: a palindrome survives reversal, a sorted list survives sorting, and `a b a b` survives the exchange of its halves.

# %% [markdown] tags=["slide:D3.2"]
# ## Length
#
# ### E01.2 Pad and mask
#
# Slide: D3.2 *Dane to ciągi różnych długości (1/6)* (Data are sequences of different lengths, build 1).
#
# The slide's first line names the practical problem: sequences of *different lengths*. A batch is one array, and an array has no ragged
# edge. So short sequences are filled up with zeros, long ones are cut, and a second array notes which places are real:
#
# $$\text{padded}\ (N, T_{\max}), \qquad \text{mask}\ (N, T_{\max}), \qquad \text{mask}_{k,t} = \text{True, if place } t \text{ of row } k \text{ holds
# an element of sequence } k.$$
#
# There are two decisions, each with two answers, and Keras has an argument for each: `padding` says on which side zeros are put,
# `truncating` on which side a long sequence loses elements; `"pre"` is in front, `"post"` behind. Both are `"pre"` unless one says
# otherwise, so that Keras keeps the *end* of a long text. Two published examples say the opposite in their comments; we shall meet them
# in notebook 21.
#
# Layers of Keras that read the table get the mask along with it. A recurrent layer does the one sensible thing with it: where the mask is
# False the state stands still, $h_t = h_{t-1}$, $c_t = c_{t-1}$.
#
# **Write** `pad_and_mask(seqs, maxlen, padding, truncating)` for a list of lists of integers; return the padded numbers and the mask,
# both $(N, T_{\max})$ with $T_{\max}$ = `maxlen`.
#
# **Checked for:** all four combinations; a vocabulary in which 0 is a word; empty sequences; and whether a masked LSTM (long short-term
# memory, notebook 08) that reads your table ends in the states that it has after each sequence alone.


# %% tags=["stub", "E01.2"]
def pad_and_mask(seqs, maxlen, padding, truncating):
    """One table for sequences of different lengths.

    seqs: list of N lists of integers; padding and truncating: "pre" or "post".
    Returns padded (N, maxlen), integers, and mask (N, maxlen), True where an element of a sequence stands.
    """
    return None  # replace this line


# %% tags=["solution", "E01.2"]
def pad_and_mask(seqs, maxlen, padding, truncating):
    """One table for sequences of different lengths.

    seqs: list of N lists of integers; padding and truncating: "pre" or "post".
    Returns padded (N, maxlen), integers, and mask (N, maxlen), True where an element of a sequence stands.
    """
    padded = np.zeros((len(seqs), maxlen), dtype=int)
    mask = np.zeros((len(seqs), maxlen), dtype=bool)
    for k, seq in enumerate(seqs):
        surplus = max(len(seq) - maxlen, 0)
        kept = seq[surplus:] if truncating == "pre" else seq[:maxlen]
        start = maxlen - len(kept) if padding == "pre" else 0
        padded[k, start : start + len(kept)] = kept
        mask[k, start : start + len(kept)] = True
    return padded, mask


# %% tags=["check", "E01.2"]
check("E01.2")

# %% tags=["hint", "E01.2"]
# hint("E01.2", 1)

# %% tags=["figure", "E01.2"]
slider(
    lambda maxlen: sequences.tables(pad_and_mask, maxlen),
    still=sequences.tables(pad_and_mask),
    maxlen=(1, 8, 1, 5),
)

# %% [markdown]
# Each number tells its own story: 27 is step 7 of sequence 2. With `truncating="pre"` that sequence begins with 23, with `"post"` it ends
# with 25. Whether the end or the beginning of a review holds its verdict is a question about reviews, not about Keras. The figure does
# not show what zeros do to a network that is *not* told about them. That is measured next.
#
# ### The same in Keras
#
# `keras.utils.pad_sequences` makes the table but no mask. The mask is made later, by `Embedding(mask_zero=True)` or `Masking`, from the
# numbers: whatever is 0 is taken for padding. That is why a vocabulary for Keras begins at 1.

# %%
# Keeps TensorFlow's start-up messages off the page.
from course_kit.quiet import quiet_tensorflow

quiet_tensorflow()

# %%
import keras
from keras import ops

# %% tags=["figure"]
rng = np.random.default_rng(1)
ragged = [rng.integers(1, 10, length).tolist() for length in (3, 8, 1, 5, 12)]
mine = pad_and_mask(ragged, 9, "pre", "pre")
if mine is None:
    print("Answer E01.2 first: this cell compares it with Keras.")
else:
    for padding in ("pre", "post"):
        for truncating in ("pre", "post"):
            theirs = keras.utils.pad_sequences(ragged, 9, padding=padding, truncating=truncating)
            same = np.array_equal(pad_and_mask(ragged, 9, padding, truncating)[0], theirs)
            print(f"padding {padding:4s} truncating {truncating:4s}: the table is that of Keras: {same}")

# %% [markdown]
# Now an LSTM reads the sequences one by one, which is how it should be, and then in one table, with the mask and without. The weights are
# the same random ones throughout.

# %% tags=["figure"]
keras.utils.set_random_seed(1)
lstm = keras.layers.LSTM(6)
vectors = rng.normal(size=(10, 4)).astype("float32")  # an element's number is its row; row 0 is for padding
vectors[0] = 0.0
alone = np.concatenate([ops.convert_to_numpy(lstm(vectors[s][None])) for s in ragged])
if mine is not None:
    for padding in ("pre", "post"):
        padded, mask = pad_and_mask(ragged, 20, padding, "pre")
        with_mask = ops.convert_to_numpy(lstm(vectors[padded], mask=ops.convert_to_tensor(mask)))
        without = ops.convert_to_numpy(lstm(vectors[padded]))
        print(
            f"padding {padding:4s}: largest difference from the sequences alone "
            f"{np.abs(with_mask - alone).max():.1e} with the mask, {np.abs(without - alone).max():.1e} without"
        )

# %% [markdown]
# With the mask the table is as good as the sequences themselves, on whichever side the zeros are. Without it nothing stops the state from
# moving, and twenty places of which up to nineteen are empty leave little of a short sequence when the zeros come last. In front they do
# no harm *here*: this untrained LSTM has biases of zero everywhere but in the forget gate, and from a zero state and a zero input it
# stays at zero. One step of training changes that.
#
# **To think about.** Your mask comes from the lengths, the one of Keras from the numbers. Suppose 0 is a word of your vocabulary. What
# does Keras do to the sequence `[4, 0, 7]`?

# %% [markdown] tags=["solution", "E01.2"]
# **Answer.** It takes the middle word for padding and holds the state while it passes: the net reads `[4, 7]`. Nothing fails and nothing
# warns. Hence the custom to keep 0 free, and hence the `index_from=3` of the data set in notebook 21.

# %% [markdown] tags=["slide:D3.4"]
# ## Dependence
#
# ### E01.3 Elements depend on each other
#
# Slide: D3.4 *Dane to ciągi (3/6): Uwaga 1* (build 3: elements depend on each other).
#
# The first remark of the slides, with an exclamation mark: the elements of a sequence are not independent. How dependent are they? Take a
# text, and in it all pairs of a character $a$ and the character $b$ that stands $g$ places after it. Count how often each pair occurs,
# divide by the number of pairs, and call the shares $p(a, b)$. If the characters were independent, $p(a, b)$ would be $p(a)\,p(b)$, where
# $p(a) = \sum_b p(a, b)$ and $p(b) = \sum_a p(a, b)$. How far it is from that is what the *mutual information* says:
#
# $$I_g = \sum_{a, b} p(a, b)\,\ln\frac{p(a, b)}{p(a)\,p(b)},$$
#
# a single number, in *nats* because of the natural logarithm. Pairs that do not occur contribute nothing. $I_g$ is never negative; it is
# 0 if and only if the two are independent, and it is the number of nats by which $a$ lowers our surprise at $b$. The slide has no
# formula; this one is ours.
#
# The text is real English, with some grammar rules in between, and it is on your machine already: the documentation that comes with
# Python, as `help("for")` shows it. Another version of Python has a slightly different text, so the numbers below are those of yours.

# %%
from pydoc_data.topics import topics

text = " ".join("\n".join(topics[name] for name in sorted(topics)).split())
shuffled = "".join(np.random.default_rng(0).permutation(list(text)))
print(f"{len(text)} characters, {len(set(text))} different ones")
start = max(text.find("By default, an object is considered true"), 0)
print(text[start : start + 110])
print(shuffled[start : start + 110])

# %% [markdown]
# The shuffled text has the same bag of characters. Whatever the two differ in is order.
#
# **Write** `mutual_information(text, gap)`, a number in nats. The pairs are `(text[t], text[t + gap])` for all $t$ for which both exist,
# and $p(a)$ and $p(b)$ are the shares of the first and of the second members of *these pairs*.
#
# **Checked for:** values on random chains of letters, at two gaps; cycles, for which the answer is known; real text and the same
# shuffled; to $10^{-9}$.


# %% tags=["stub", "E01.3"]
def mutual_information(text, gap):
    """Mutual information, in nats, of the characters text[t] and text[t + gap]; a number."""
    return None  # replace this line


# %% tags=["solution", "E01.3"]
def mutual_information(text, gap):
    """Mutual information, in nats, of the characters text[t] and text[t + gap]; a number."""
    from collections import Counter

    pairs = Counter(zip(text, text[gap:], strict=False))
    total, first, second = 0, Counter(), Counter()
    for (a, b), count in pairs.items():
        total += count
        first[a] += count
        second[b] += count
    return sum(n / total * np.log(n * total / (first[a] * second[b])) for (a, b), n in pairs.items())


# %% tags=["check", "E01.3"]
check("E01.3")

# %% tags=["hint", "E01.3"]
# hint("E01.3", 1)

# %% tags=["figure", "E01.3"]
sequences.dependence(mutual_information, text[:100_000], shuffled[:100_000])

# %% [markdown]
# Left, the slide's claim as a number. In real text a character tells much about the next one, less about the second next, and still
# something about one that stands thirty places further on: more than the shuffled text's level, which marks what is nothing. A model that
# looks back one character uses the first point of the blue curve and leaves the rest on the table. Right, a warning. In shuffled text
# there is nothing to know, and yet the estimate is far from 0 as long as the text is short. With few pairs the counts scatter, and
# scatter looks like dependence. What the figure does not show is how the gaps *add up*: the information at gap 2 is largely the same that
# the character between has given already.

# %% tags=["figure"]
pieces = {name: whole[:10_000] for name, whole in (("real", text), ("shuffled", shuffled))}
for name, piece in pieces.items():
    near, whole = mutual_information(piece, 1), mutual_information(text if name == "real" else shuffled, 1)
    if near is not None:
        print(f"{name:9s} first 10 000 characters: {near:.3f} nats; all {len(text)}: {whole:.3f} nats")

# %% [markdown]
# **To think about.** For $K$ different characters and $n$ pairs the estimate for independent characters is about $(K-1)^2 / (2n)$, if
# none of the characters is rare. What does that give for 10 000 pairs of 70 characters, and why is the value that the cell above printed
# for shuffled text lower?

# %% [markdown] tags=["solution", "E01.3"]
# **Answer.** $69^2 / 20\,000 = 0.24$ nats, and the cell above found about 0.15 when this was written. The rule counts all $K^2$ pairs as
# possible, and most of them are pairs of rare characters that would not turn up once in 10 000. That the estimate is too high by
# something like this is the reason to compare with a shuffled text instead of with 0.

# %% [markdown] tags=["slide:D3.8", "slide:D3.11", "slide:D4.4", "slide:D4.5"]
# ## Questions to a sequence
#
# Slides: D3.8 *Schematy problemów* (problem schemas); D3.11 *RNN - predykcje* (RNN: predictions); D4.4 *Последовательности* (sequences);
# D4.5 *Рекуррентные сети: one to one ... many to many* (recurrent networks: five schemas).
#
# What goes in may be one thing or many, and so may what comes out. D4.5 has a drawing with five arrangements and an example under each:
# image in, label out; image in, words out; words in, sentiment out; English in, Portuguese out; video in, labels out. D3.8 and D3.11 are
# figures from a blog on Microsoft's toolkit: D3.8 shows one or many inputs and outputs, too, and D3.11 where in a recurrent network the
# predictions are read off.

# %% tags=["figure"]
schemas.five_schemas()

# %% [markdown]
# The fourth and the fifth are both called "many to many", and that they are different is the point. In the aligned one every input has
# its output, at once. In the delayed one nothing is said before the whole sequence has been read, and the lengths need not agree. The
# drawing shows who is connected with whom along the arrows. It does not show what a connection means for a number; the next exercise
# does.

# %% [markdown] tags=["slide:D3.3", "slide:D3.8", "slide:D3.11", "slide:D4.4", "slide:D4.5"]
# ### E01.4 Five schemas
#
# Slides: D3.3 *Dane to ciągi (2/6): obiekty bazowe* (base objects); D3.8 *Schematy problemów* (problem schemas); D3.11 *RNN - predykcje*
# (RNN: predictions); D4.4 *Последовательности* (sequences); D4.5 *Рекуррентные сети: one to one ... many to many* (five schemas).
#
# An arrow chain from input $t$ to output $s$ means that $y_s$ may change when $x_t$ does. For a model that is a question about
# derivatives: the block
#
# $$J_{s,t} = \frac{\partial y_s}{\partial x_t}, \qquad (o, m) \text{ for each } s \text{ and } t,$$
#
# is exactly zero where no chain of arrows leads. The table of zeros and non-zeros, outputs as rows and inputs as columns, is the model's
# fingerprint. With $T$ inputs and $S$ outputs it is $(1, 1)$, $(S, 1)$ or $(1, T)$, all full, for the first three schemas; $(S, T)$, all
# full, for the delayed one; and $(T, T)$, full on and below the diagonal and zero above it, for the aligned one: $y_s$ has read
# $x_1, \dots, x_s$ and nothing else.
#
# Three kinds of layer suffice. `SimpleRNN(n)` gives its last $h$, and with `return_sequences=True` all of them. `RepeatVector(S)` turns a
# vector into a sequence of $S$ equal vectors. `Dense(o)` works on the last axis, so behind a sequence it reads out every step with the
# same weights.
#
# **Write** six things. First `elements`, the shape of one element of each of the three sequences at the top of this notebook, as a tuple.
# Then five functions, each of which returns a new `keras.Model` with one input: $(m,)$ or $(T, m)$ for each example, and one output,
# $(o,)$, $(S, o)$ or $(T, o)$. The recurrent layers have $n$ units.
#
# **Checked for:** the elements; output shapes; which output sees which input; that the outputs of one example differ from step to step;
# and that longer sequences need no more weights, which rules out solutions that lay the steps side by side.

# %% tags=["stub", "E01.4"]
elements = None  # replace this line: {"text": ..., "film": ..., "music": ...}, a tuple each


def one_to_one(m, n, o):
    """(N, m) to (N, o), with a hidden layer of n units."""
    return None  # replace this line


def one_to_many(S, m, n, o):
    """(N, m) to (N, S, o)."""
    return None  # replace this line


def many_to_one(T, m, n, o):
    """(N, T, m) to (N, o)."""
    return None  # replace this line


def many_to_many_delayed(T, S, m, n, o):
    """(N, T, m) to (N, S, o); every output comes after the last input."""
    return None  # replace this line


def many_to_many_aligned(T, m, n, o):
    """(N, T, m) to (N, T, o); output t comes with input t."""
    return None  # replace this line


# %% tags=["solution", "E01.4"]
elements = {"text": (), "film": (48, 64, 3), "music": (160,)}


def one_to_one(m, n, o):
    """(N, m) to (N, o), with a hidden layer of n units."""
    return keras.Sequential([keras.Input((m,)), keras.layers.Dense(n, activation="tanh"), keras.layers.Dense(o)])


def one_to_many(S, m, n, o):
    """(N, m) to (N, S, o)."""
    return keras.Sequential(
        [
            keras.Input((m,)),
            keras.layers.RepeatVector(S),
            keras.layers.SimpleRNN(n, return_sequences=True),
            keras.layers.Dense(o),
        ]
    )


def many_to_one(T, m, n, o):
    """(N, T, m) to (N, o)."""
    return keras.Sequential([keras.Input((T, m)), keras.layers.SimpleRNN(n), keras.layers.Dense(o)])


def many_to_many_delayed(T, S, m, n, o):
    """(N, T, m) to (N, S, o); every output comes after the last input."""
    return keras.Sequential(
        [
            keras.Input((T, m)),
            keras.layers.SimpleRNN(n),
            keras.layers.RepeatVector(S),
            keras.layers.SimpleRNN(n, return_sequences=True),
            keras.layers.Dense(o),
        ]
    )


def many_to_many_aligned(T, m, n, o):
    """(N, T, m) to (N, T, o); output t comes with input t."""
    return keras.Sequential(
        [keras.Input((T, m)), keras.layers.SimpleRNN(n, return_sequences=True), keras.layers.Dense(o)]
    )


# %% tags=["check", "E01.4"]
check("E01.4")

# %% tags=["hint", "E01.4"]
# hint("E01.4", 1)

# %% tags=["figure", "E01.4"]
schemas.zero_patterns(
    {
        "one_to_one": one_to_one,
        "one_to_many": one_to_many,
        "many_to_one": many_to_one,
        "many_to_many_delayed": many_to_many_delayed,
        "many_to_many_aligned": many_to_many_aligned,
    }
)

# %% [markdown]
# The derivatives are taken by TensorFlow's own differentiation of your models, with random weights. The printed zeros are exact: nothing
# was rounded down to them. Find the triangle in the last table: above its diagonal an output would have to know the future. And look at
# the shading within the filled squares: in most of them an input counts for less the longer it is ago. What the figure does not show:
# whether the bottleneck of the fourth model, $n$ numbers through which the whole sequence must pass, is wide enough. Notebook 20 is about
# that.
#
# **To think about.** A model that reads a sequence in both directions and gives an output at each step has the same shapes as the aligned
# one. What is its pattern, and what can it not be used for?

# %% [markdown] tags=["solution", "E01.4"]
# **Answer.** All full: each output has read everything. It cannot answer before the end has come, so it is no use for predicting the next
# element, nor for anything live. It is allowed where the whole sequence is there before the first answer is due; notebook 12 is about
# that.

# %% [markdown] tags=["slide:D2.3", "slide:D4.4"]
# ### E01.5 Where they are used
#
# Slides: D2.3 *Области и примеры применения* (areas and examples of use); D4.4 *Последовательности* (sequences).
#
# D2.3 lists uses: text analysis, machine translation, speech recognition, the next picture of a film, recognising emotions, the next
# pixel, describing a picture. D4.4 shows two results: the caption "a man is playing tennis on a tennis court", and lines of handwriting
# by a network that was first given a sample of somebody's hand. A name such as "speech recognition" does not fix a schema; a sentence
# does that says what goes in, what comes out, and when.
#
# | task | what goes in, what comes out, and when |
# | --- | --- |
# | `digit` | the photograph of a digit, all its pixels at once; which digit it is |
# | `caption` | a photograph, all at once; a sentence that describes it |
# | `sentiment` | a review, word by word; at the end whether it is good or bad |
# | `emotion` | a scene with a face, picture by picture; at the end the emotion that it shows |
# | `pixel` | the 24 pixels around a missing one, one after the other; then the missing one |
# | `translation` | an English sentence, word by word; when it has ended, the Portuguese sentence |
# | `speech` | a command, in pieces of 20 ms; when it has ended, its letters |
# | `handwriting` | a sample of a hand, pen stroke by pen stroke; when it has ended, new strokes in the same hand |
# | `video_labels` | a live film, picture by picture; for each picture, while it is on the screen, what is on it |
# | `next_frame` | a live film, picture by picture; after each picture a guess of the next one |
#
# **Write** two things.
#
# 1. `schema_of(sees)`: for an array of True and False of shape $(S, T)$, where `sees[s, t]` says that output $s$ needs input $t$, the
#    name of the schema, one of `"one_to_one"`, `"one_to_many"`, `"many_to_one"`, `"many_to_many_delayed"`, `"many_to_many_aligned"`.
#    Outputs and inputs are numbered in time. If there are as many outputs as inputs and none needs an input that comes after it, the task
#    is aligned.
# 2. `uses`: a dict that gives each of the ten tasks its schema, by name.
#
# **Checked for:** patterns of eight kinds; the ten tasks, one after the other. The right ones are not told.


# %% tags=["stub", "E01.5"]
def schema_of(sees):
    """The name of the schema in which output s needs input t where sees (S, T) is True."""
    return None  # replace this line


uses = None  # replace this line: {"digit": "one_to_one", "caption": ...}


# %% tags=["solution", "E01.5"]
def schema_of(sees):
    """The name of the schema in which output s needs input t where sees (S, T) is True."""
    S, T = sees.shape
    if T == 1:
        return "one_to_one" if S == 1 else "one_to_many"
    if S == 1:
        return "many_to_one"
    waits = S != T or np.triu(sees, 1).any()
    return "many_to_many_delayed" if waits else "many_to_many_aligned"


uses = {
    "digit": "one_to_one",
    "caption": "one_to_many",
    "sentiment": "many_to_one",
    "emotion": "many_to_one",
    "pixel": "many_to_one",
    "translation": "many_to_many_delayed",
    "speech": "many_to_many_delayed",
    "handwriting": "many_to_many_delayed",
    "video_labels": "many_to_many_aligned",
    "next_frame": "many_to_many_aligned",
}

# %% tags=["check", "E01.5"]
check("E01.5")

# %% tags=["hint", "E01.5"]
# hint("E01.5", 1)

# %% tags=["figure", "E01.5"]
schemas.uses(uses)

# %% [markdown]
# Boxes are what the task has, arrows what your schema offers. If a box has a thick frame your schema has no arrow for it; a question mark
# is an arrow that leads nowhere. Three steps stand for any number. The figure does not show that a task may be turned into another one.
# Whoever guesses the next letter after every letter has an aligned task while training; whoever then lets the network write, by feeding
# its own guesses back, has a delayed one.
#
# **To think about.** Two of the ten are solved today with all inputs at once, by networks that are not recurrent, and the sentence in the
# table had to be worded so that they are sequences. Which?

# %% [markdown] tags=["solution", "E01.5"]
# **Answer.** Certainly `pixel`: its 24 neighbours have no order in time, and reading them one after the other is a choice. `emotion` is
# often decided from a single picture. The schema belongs to the way the data are *given*, not to the thing they are about.

# %% [markdown] tags=["slide:D3.6", "slide:D3.7"]
# ## What a vector forgets
#
# ### E01.6 Vector or sequence
#
# Slides: D3.6 *Dane to ciągi (5/6): pytanie* (build 5: traditional methods need vectors of one length; what can we do?); D3.7 *Dane to
# ciągi (6/6): odpowiedź* (build 6: reduce to vectors, or use dedicated methods).
#
# A logistic regression, a random forest or a support vector machine wants one vector of fixed length for each example. D3.6 asks what to
# do with sequences then, and D3.7 has two answers: make a vector of them, or take methods made for sequences. The first answer is cheap
# and often good, and the bag of E01.1 was a case of it. For sequences of real vectors $s$ $(T, m)$ one takes summaries, for instance
#
# $$\phi(s) = \Big[\;\frac1T \sum_{t=1}^{T} s_t,\;\; s_T,\;\; T\;\Big],$$
#
# the mean, the last step and the count, $(2m + 1,)$ whatever $T$ is. The price is that $\phi$ forgets. If two sequences have the same
# $\phi$ and different labels, then no method that is given $\phi$ can be right on both. Such a pair is called a collision here. Below are
# six sequences with $m = 1$ that rest at 1, with a pulse upwards to 3 and one downwards to 0. The label says which comes first.

# %%
pulses = [
    np.array([[float(value)] for value in row])
    for row in (
        [1, 1, 3, 1, 0],
        [1, 3, 1, 0, 1],
        [3, 1, 0, 1, 1, 1],
        [1, 1, 3, 0, 1],
        [1, 0, 1, 3, 1],
        [0, 1, 3, 1],
    )
]
labels = ["up first", "up first", "up first", "up first", "down first", "down first"]
for k, (pulse, label) in enumerate(zip(pulses, labels, strict=True)):
    print(k, label.ljust(10), pulse[:, 0])

# %% [markdown]
# **Write** three things.
#
# 1. `features(sequences)`: for a list of $N$ arrays $(T_k, m)$ the matrix of their $\phi$, $(N, 2m + 1)$, in the order mean, last, count.
# 2. `collision(sequences, labels)`: two indices `i, j` with $i < j$, the features of which are equal (to within $10^{-9}$; means are
#    rounded) and the labels of which are not; the smallest such $i$, and for it the smallest $j$. You may take it for granted that there
#    is one.
# 3. `lost`: letters of what can in general *not* be computed from $\phi(s)$, as one text such as `"ab"`. `a` how many steps there are;
#    `b` which step was the last; `c` the order of the steps before the last; `d` the sum of all steps; `e` how far the steps lie from
#    their mean; `f` the largest step.
#
# **Checked for:** the matrix; collisions among sequences that nearly collide; the letters.


# %% tags=["stub", "E01.6"]
def features(sequences):
    """Mean, last step and number of steps of each of N sequences (T_k, m): an array (N, 2m + 1)."""
    return None  # replace this line


def collision(sequences, labels):
    """The first i, j with i < j, equal features and different labels."""
    return None  # replace this line


lost = None  # replace this line: letters, such as "ab"


# %% tags=["solution", "E01.6"]
def features(sequences):
    """Mean, last step and number of steps of each of N sequences (T_k, m): an array (N, 2m + 1)."""
    return np.stack([np.concatenate([s.mean(axis=0), s[-1], [len(s)]]) for s in sequences])


def collision(sequences, labels):
    """The first i, j with i < j, equal features and different labels."""
    F = features(sequences)
    for i in range(len(F)):
        for j in range(i + 1, len(F)):
            if np.abs(F[i] - F[j]).max() < 1e-9 and labels[i] != labels[j]:
                return i, j


lost = "cef"

# %% tags=["check", "E01.6"]
check("E01.6")

# %% tags=["hint", "E01.6"]
# hint("E01.6", 1)

# %% tags=["figure", "E01.6"]
sequences.same_vector(features, collision, pulses, labels)

# %% [markdown]
# In the middle the bars agree to the last digit, and a classifier sees nothing but the bars. On the right a small recurrent network,
# untrained, reads the two sequences and ends in different places. It is the second way of D3.7. The figure does not say that the second
# way is always better. For a review the bag of words is hard to beat, as notebook 21 will show, and a vector that was made with the
# question in mind ("where is the largest step?") would have separated these two at once.
#
# **To think about.** Add features until no two different sequences of length $T$ and width $m$ collide. How many do you need at least, if
# each is a smooth function of the sequence? And what is the recurrent network's $h_T$, seen this way?

# %% [markdown] tags=["solution", "E01.6"]
# **Answer.** $T m$ of them, one for each number of the sequence: a smooth map into fewer dimensions must send some different points to
# the same place. The last state $h_T$ is a vector of $n$ features, too, and with $n < Tm$ it forgets as well. The difference is that its
# features are *learned*: training decides what may be forgotten. So the two ways of D3.7 are less different than they look.

# %% [markdown]
# ## What you have now
#
# Three properties that make a sequence a sequence, each with a number to it: order, which a bag cannot see; dependence, which a shuffled
# text has not; length, which a mask takes care of. And five ways to put a question to one. All of them need a network that hands
# something on from step to step. Notebook 02 builds it, from the straight line upwards.

# %% tags=["figure"]
progress()
