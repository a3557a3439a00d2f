"""What notebooks have and Python has not is put aside, line by line, and nothing else is touched."""

import pytest

from course_kit.grading.cells import compile_cell, prepare

REPAIRED = [
    ("%matplotlib inline\nx = 1", "pass\nx = 1"),
    ("x = 1\n!pip install numpy", "x = 1\npass"),
    ("x = 1\n!echo \"it's\" '''", "x = 1\npass"),
    ("if True:\n    !ls\n    y = 2", "if True:\n    pass\n    y = 2"),
    ("%time y = 1 + 1", "y = 1 + 1"),
    ("for k in range(2):\n    %time y = k", "for k in range(2):\n    y = k"),
    ("%timeit -n 3 f(x)\nx = 1", "pass\nx = 1"),
    ("files = !ls\nx = 1", "files = None\nx = 1"),
    ("a.b[0] = %pwd", "a.b[0] = None"),
    ("print?\nx = 1", "pass\nx = 1"),
    ("?np.dot\nx = 1", "pass\nx = 1"),
    ("np.dot??", "pass"),
    ("%%time\nx = 1", "\nx = 1"),
    ("\n%%capture out\nx = 1", "\n\nx = 1"),
    ("%%time\n%matplotlib inline\nx = 1", "\npass\nx = 1"),
    ("%%bash\nrm -rf /", ""),
    ("%%", ""),
]


@pytest.mark.parametrize(("source", "expected"), REPAIRED)
def test_line_that_is_no_python_is_put_aside_with_a_note(source, expected):
    """Line numbers stay, so an error's line is the student's."""
    prepared, notes = prepare(source)
    assert prepared == expected
    assert notes


UNTOUCHED = [
    "x = (10\n  % 3)",
    'text = """\n%matplotlib inline\n!ls\n"""',
    "a = 7 % 2\nb = not a != 3",
    "await thing()",
    "x = 'who?'",
    "",
]


@pytest.mark.parametrize("source", UNTOUCHED)
def test_python_is_left_alone(source):
    """A percent sign or an exclamation mark where Python allows it is no magic."""
    assert prepare(source) == (source, [])


def test_magic_beside_a_string_that_looks_like_one_leaves_the_string():
    """Only the line that Python stumbles over is touched."""
    source = 'text = """\n%time\n"""\n%time x = 1'
    assert prepare(source)[0] == 'text = """\n%time\n"""\nx = 1'


BROKEN = ["def f(:\n  pass", "x = = 1", "print 'a'", "x = 1\0", "(" * 10_000, "%time x = = 1", "   x\n y"]


@pytest.mark.parametrize("source", BROKEN, ids=lambda source: source[:12])
def test_syntax_error_of_the_student_stays_one(source):
    """Nothing here hangs or falls over it, and compiling says what is wrong."""
    with pytest.raises((SyntaxError, ValueError, MemoryError, RecursionError)):
        compile_cell(prepare(source)[0], "<cell 1>")


def test_await_at_the_top_level_is_told_from_await_in_a_function():
    """The first makes a coroutine of the cell, the second does not."""
    assert compile_cell("await f()", "<cell 1>")[1]
    assert not compile_cell("async def g():\n    await f()", "<cell 1>")[1]
