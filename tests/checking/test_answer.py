"""What a check may do with the student's work, and what it hears when there is none."""

import copy

import numpy as np
import pytest

from course_kit.checking import Foreign, LocalAnswer
from course_kit.checking.answer import ChangedArguments, NotDefined, StudentError, Untouched, closest, differs, plain

X = np.array([[1.0, -2.0], [0.5, 3.0]])


def answer(**names):
    return LocalAnswer(names)


def test_call_returns_plain_data():
    """A function's value comes back as it is."""
    assert np.array_equal(2 * X, answer(double=lambda x: 2 * x).double(X))


def test_result_is_a_copy():
    """What the student keeps cannot change what was handed in."""
    kept = X.copy()
    result = answer(give=lambda: kept).give()
    kept[:] = 0

    assert np.array_equal(X, result)


def test_missing_name_suggests_the_nearest():
    """A slip in a name is noticed."""
    with pytest.raises(NotDefined, match=r"forget_gate is not defined.*Did you mean forgetGate\?"):
        answer(forgetGate=lambda x: x).forget_gate(X)


def test_missing_name_without_a_near_one_suggests_nothing():
    """No far-fetched advice."""
    assert closest("forget_gate", ["np", "x", "_forget_gate"]) is None


@pytest.mark.parametrize("value", [None, lambda x: None], ids=["value", "function"])
def test_none_is_untouched(value):
    """A stub returns None."""
    with pytest.raises(Untouched):
        answer(f=value).f(X)


def test_closed_answer_left_at_none_is_untouched():
    """So does a closed question's stub."""
    with pytest.raises(Untouched, match="^misprint is still None"):
        answer(misprint=None)["misprint"]


def test_writing_into_an_argument_is_noticed():
    """The caller's arrays are compared before and after; the position is told."""

    def scale(a, x):
        x *= a
        return x

    with pytest.raises(ChangedArguments, match="scale changed its argument 2 in place"):
        answer(scale=scale).scale(2.0, X.copy())


def test_what_is_written_into_is_a_copy():
    """The next case compares with what the first one had."""
    kept = X.copy()

    def scale(x):
        x *= 2
        return x

    with pytest.raises(ChangedArguments):
        answer(scale=scale).scale(kept)
    assert np.array_equal(kept, X)


def test_writing_into_a_nested_argument_is_noticed():
    """Also inside a list or a dict."""

    def forget(cache):
        cache["h"][0][0] = 9.0
        return 1.0

    with pytest.raises(ChangedArguments, match="argument 1"):
        answer(forget=forget).forget({"h": [X.copy()]})


def test_students_error_keeps_its_line():
    """The student reads their own line, not ours."""

    def broken(x):
        return x @ x[:, :1].T @ x

    with pytest.raises(StudentError) as caught:
        answer(broken=broken).broken(X)

    assert "ValueError" == caught.value.type_name
    assert "return x @ x[:, :1].T @ x" == caught.value.line
    assert caught.value.where.endswith("of broken")


def test_keras_wrapping_is_taken_off():
    """What the student wrote wrong stands first, not the layers that it passed through."""
    error = StudentError(
        "ValueError",
        "\x1b[1mException encountered when calling Cell.call().\x1b[0m\n\n\x1b[1m{{function_node __wrapped__MatMul}} "
        "Matrix size-incompatible\x1b[0m\n\nArguments received by Cell.call():\n  x=tf.Tensor",
    )

    assert "Matrix size-incompatible" == error.message


def test_sys_exit_does_not_end_the_check():
    """A student's sys.exit is an error like others."""
    with pytest.raises(StudentError, match="SystemExit"):
        answer(leave=lambda: exit(3)).leave()


def test_number_where_a_function_is_due():
    """A name that holds no function is told so."""
    with pytest.raises(StudentError, match="f must be a function. Got float"):
        answer(f=1.0).f(X)


def test_probe_sees_the_students_objects():
    """A probe works beside the student's objects and brings back plain data."""
    assert 6 == answer(triple=lambda x: 3 * x).probe(lambda names, x: names["triple"](x), 2)


class Array(np.ndarray):
    """A subclass that could lie about itself."""


PLAIN = {
    "subclass of array": (X.view(Array), np.ndarray),
    "object array": (np.array([object()]), Foreign),
    "text array": (np.array(["a"]), Foreign),
    "function": (len, Foreign),
    "generator": ((x for x in ()), Foreign),
    "set": ({1}, Foreign),
}


@pytest.mark.parametrize("value,kind", PLAIN.values(), ids=PLAIN)
def test_only_plain_data_passes(value, kind):
    """Whatever could run code or lie becomes a record of its type."""
    assert kind is type(plain(value))


def test_self_referring_list_ends():
    """A list that holds itself is cut off."""
    loop = []
    loop.append(loop)

    assert "Foreign" in repr(plain(loop))


def test_tensor_is_known_as_tensor():
    """The message for a tensor differs from that for any other object."""
    assert Foreign("tensorflow.python.EagerTensor").is_tensor
    assert not Foreign("builtins.function").is_tensor


CHANGES = {
    "a list sorted": ([3, 1, 2], [1, 2, 3]),
    "a list cut": ([3, 1], [3]),
    "an entry of another kind": ([[1]], [1]),
    "an array in a dict": ({"W": np.zeros(2)}, {"W": np.ones(2)}),
    "a sign": ([0.5], [-0.5]),
}


@pytest.mark.parametrize("before,after", CHANGES.values(), ids=CHANGES)
def test_every_change_of_an_argument_is_seen(before, after):
    """Whatever it is made of."""
    assert differs(before, after)
    assert not differs(before, copy.deepcopy(before))


def test_nan_that_stays_is_no_change():
    """Though it is not equal to itself."""
    assert not differs([float("nan")], [float("nan")])
