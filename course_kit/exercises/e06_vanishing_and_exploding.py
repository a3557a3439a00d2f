"""Notebook 06: vanishing and exploding. The table of slide D1.13, E06.1 and E06.2, is here; the others are imported."""

import numpy as np

from course_kit.checking import Exercise, expect, require
from course_kit.exercises.exploded_logs import E06_6
from course_kit.exercises.gradient_in_time import E06_5, E06_7
from course_kit.exercises.jacobian_products import E06_3, E06_4
from course_kit.exercises.relative import ANY_VALUE, expect_relative, number

__all__ = ["E06_1", "E06_2", "E06_3", "E06_4", "E06_5", "E06_6", "E06_7"]

SLIDE = np.array([0.5, 0.9, 1.1, 1.5])

E06_1 = Exercise(
    "E06.1",
    "The K=128 table",
    slides=("D1.13",),
    names=("power_table", "misprint"),
    hints=(
        "Every step multiplies by w once, so K steps multiply by it K times. Print the four numbers with four digits "
        "and hold them against the slide.",
        "power_table is w ** K for float64 w. Three of the four printed values are right; look at the last digit of "
        "the largest, 3.4648e22.",
    ),
)


@E06_1.case("the four values")
def _(answer, draw):
    known = {
        "K w came back; a product of K factors is due": SLIDE * 128,
        "K^w came back; w is multiplied by itself": 128.0**SLIDE,
        "there is one factor too many": SLIDE**129,
        "there is one factor too few: from h_0 to h_128 there are 128 steps": SLIDE**127,
        "this is the sum of the powers; the derivative is their last": np.array(
            [(w ** np.arange(129)).sum() for w in SLIDE]
        ),
    }
    obtained = answer.power_table(SLIDE, 128)
    expect(obtained, SLIDE, "G", tolerance=ANY_VALUE)
    share = np.abs(np.asarray(obtained) / SLIDE**128 - 1).max()
    require(
        not 1e-12 < share < 1e-5,
        f"G has the right size, and it is off by {share:.0e} of itself: that is float32; compute in float64.",
    )
    expect_relative(obtained, SLIDE**128, "G", known=known)


@E06_1.case("other weights and K")
def _(answer, draw):
    w, K = draw.uniform(-1.4, 1.4, 5), draw.integer(20, 200)
    obtained = answer.power_table(w, K)
    known = {
        "the number of steps was taken as 128": w**128,
        "the sign is lost: an odd power of a negative w is negative": np.abs(w) ** K,
    }
    expect_relative(obtained, w**K, f"G for K = {K}", known=known)


@E06_1.case(
    "the digit that is off", hint='Print your four values with f"{G:.4e}" and round each to three digits by hand.'
)
def _(answer, draw):
    known = {
        "that is what the slide prints; compute the value and round it to three digits": (1.5, 3.47e22),
        "round it to three digits, as the slide does": (1.5, 1.5**128),
        "2.9387e-39 rounds to 2.94e-39, as printed": (0.5, 2.93e-39),
        "1.9873e5 rounds to 1.99e5, as printed": (1.1, 1.98e5),
        "1.3901e-6 rounds to 1.39e-6, as printed": (0.9, 1.40e-6),
    }
    found = answer["misprint"]
    if isinstance(found, np.ndarray) and found.shape == (2,):
        found = tuple(found.tolist())
    expect(found, (0.0, 0.0), "misprint", tolerance=ANY_VALUE)
    w, value = float(found[0]), float(found[1])
    require(
        w in SLIDE,
        f"the first entry of misprint must be one of the slide's w: 0.5, 0.9, 1.1, 1.5. Got {w:.4g}.",
    )
    for sentence, wrong in known.items():
        same = w == wrong[0] and abs(value - wrong[1]) <= 1e-9 * wrong[1]
        require(not same, "misprint is not right.", known=sentence)
    right = SLIDE[:3] if w != 1.5 else ()
    require(
        w not in right,
        f"misprint is not right: {w**128:.4e} rounds to the three digits that the slide prints for w = {w}.",
    )
    require(
        abs(value - 3.46e22) <= 1e-9 * 3.46e22,
        "w is right, and the second entry must be what the slide should print: three digits and the power of ten, "
        "such as 1.23e45.",
    )


E06_2 = Exercise(
    "E06.2",
    "The same table in float32",
    slides=("D1.13",),
    names=("keras_gradient", "numpy_gradient", "first_zero"),
    limit=60.0,
    hints=(
        "One unit, no bias, activation=None, zero input. Watch h_0 with a GradientTape, hand it to the layer as "
        "initial_state, and set the recurrent kernel to w with set_weights, so that w is not rounded on its way.",
        "layer = keras.layers.SimpleRNN(1, activation=None, use_bias=False, dtype=dtype); layer.build((1, K, 1)); "
        "layer.set_weights([np.ones((1, 1)), np.full((1, 1), w)]); then tape.watch(h0), h = layer(x, "
        "initial_state=h0), tape.gradient(h, h0). x and h0 need the same dtype.",
    ),
)


@E06_2.case("float64")
def _(answer, draw):
    for w, K in ((0.9, 128), (1.5, 128), (float(draw.uniform(0.7, 1.2)), draw.integer(9, 30))):
        obtained = number(answer.keras_gradient(w, K, "float64"))
        expect(obtained, 1.0, "keras_gradient", tolerance=ANY_VALUE)
        share = abs(float(np.asarray(obtained).reshape(())) / w**K - 1.0)
        require(
            not 1e-9 < share < 1e-5,
            f'keras_gradient({w:.4g}, {K}, "float64") is off by {share:.0e} of itself, and float64 can do 1e-14.',
            known="w went through float32 on its way into the layer, as in an initializer; use set_weights, and "
            "dtype=dtype for the layer",
        )
        known = {
            "there is one factor too few: differentiate with respect to h_0, not to the first input": w ** (K - 1),
            "this is the last step alone": w,
        }
        expect_relative(obtained, w**K, f'keras_gradient({w:.4g}, {K}, "float64")', tolerance=1e-9, known=known)


@E06_2.case("float32 where it fits")
def _(answer, draw):
    for w, K in ((0.9, 128), (1.1, 128), (1.5, 128), (float(draw.uniform(0.7, 1.2)), draw.integer(9, 30))):
        obtained = number(answer.keras_gradient(w, K, "float32"))
        known = {"there is one factor too few: differentiate with respect to h_0, not to the first input": w ** (K - 1)}
        due = float(np.float32(w)) ** K
        expect_relative(obtained, due, f'keras_gradient({w:.4g}, {K}, "float32")', tolerance=1e-5, known=known)


def tiny_times_half(names):
    """What the student's machine makes of a float32 product below the smallest normal number."""
    import keras

    tiny = keras.ops.convert_to_tensor([2e-38], dtype="float32")
    return float(keras.ops.convert_to_numpy(tiny * 0.5)[0])


@E06_2.case("float32 below its floor", hint='Ask for dtype="float32" in the layer, in x and in h0.')
def _(answer, draw):
    obtained = number(answer.keras_gradient(0.5, 128, "float32"))
    expect(obtained, 0.0, 'keras_gradient(0.5, 128, "float32")', tolerance=ANY_VALUE)
    value = float(np.asarray(obtained).reshape(()))
    flushed = answer.probe(tiny_times_half)
    expect(flushed, 0.0, "2e-38 times 0.5", tolerance=ANY_VALUE)
    due = 0.0 if float(flushed) == 0.0 else 0.5**128
    require(
        abs(value - due) <= 1e-5 * due,
        f'keras_gradient(0.5, 128, "float32") is {value:.4g}, and on this machine Keras makes it {due:.4g}.',
        known="this is the power in float64 or in NumPy; let Keras compute the gradient, all of it in float32",
    )


@E06_2.case("the same product in NumPy", hint="Keep every factor and every product a np.float32.")
def _(answer, draw):
    for w in (0.5, 1.5, float(np.float32(draw.uniform(0.7, 1.2)))):
        obtained = number(answer.numpy_gradient(w, 128))
        due = float(np.float32(w)) ** 128
        known = {"it came out as 0: NumPy keeps numbers down to 1.4e-45, if nothing flushes them": 0.0}
        expect_relative(obtained, due, f"numpy_gradient({w:.4g}, 128)", tolerance=1e-5, known=known)
        is_short = isinstance(obtained, np.ndarray) and obtained.dtype == np.float32
        require(is_short, "numpy_gradient has the right value but not the type np.float32: multiply np.float32 only.")


@E06_2.case("the first zero", hint="Let K grow and see at which K each of the two functions first returns 0.0 exactly.")
def _(answer, draw):
    found = number(answer["first_zero"])
    if isinstance(found, np.ndarray) and found.shape == (2,):
        found = tuple(found.tolist())
    known = {
        "0.5^127 is below the smallest normal number already, 2^-126": (128, 150),
        "2^-126 and 2^-149 are still numbers; the first zero comes one step later": (126, 149),
        "NumPy does not flush: it goes on with fewer digits down to 2^-149": (127, 127),
        "TensorFlow flushes what is below the smallest normal number, 2^-126": (150, 150),
        "the two are exchanged: (in TensorFlow, in NumPy)": (150, 127),
        "2^-149 is still a number, the smallest of all": (127, 149),
        "2^-126 is still a number, the smallest normal one": (126, 150),
    }
    expect(found, (127, 150), "first_zero in TensorFlow, first_zero in NumPy", reveal=False, known=known)
