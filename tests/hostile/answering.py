"""Answers with huge, deep, self-referring, NaN, object, subclassed or lying values."""

from tests.grading_front.conftest import MISPRINT, notebook
from tests.hostile.case import Case, answer, in_gate, text

LIAR = """
class Liar(np.ndarray):
    shape = property(lambda self: (2, 3))
    dtype = property(lambda self: np.dtype(float))
    def __eq__(self, other): return True
    def __array_ufunc__(self, *a, **k): return True
    def __array__(self, *a, **k): return np.zeros((2, 3))
return np.zeros((9, 9)).view(Liar)
"""
EVERYTHING = """
class Everything:
    def __eq__(self, other): return True
    def __getattr__(self, name): return self
    def __call__(self, *a, **k): return self
    def __array__(self, *a, **k): return np.zeros((2, 3))
    def __float__(self): return 1.0
    def __iter__(self): return iter([self])
    def __len__(self): return 10**9
    def __hash__(self): return 0
return Everything()
"""
RAISES = """
class Raises:
    def __getattribute__(self, name): raise SystemExit(name)
    __class__ = property(lambda self: 1 / 0)
return Raises()
"""
PICKLE = """
class Bomb:
    def __reduce__(self): return (__import__('os').system, ('touch /tmp/hostile-mark',))
    def __array__(self, *a, **k): raise SystemExit
return Bomb()
"""
ENDLESS = """
class Endless(list):
    def __iter__(self):
        while True: yield 1.0
    def __len__(self): return 0
    def __getitem__(self, k): return 1.0
return Endless([1.0])
"""


def misprint(code: str):
    return text(notebook(misprint=code))


CASES = [
    Case("huge-array", "128 MiB", answer("np.zeros(2**24)"), "CRR", "bytes of arrays can be handed over"),
    Case(
        "huge-view",
        "an array of 10^18 entries that takes 8 bytes",
        answer("np.broadcast_to(1.0, (10**9, 10**9))"),
        "CRR",
        "Error",
    ),
    Case(
        "many-values", "a list of a million numbers", answer("list(range(10**6))"), "CRR", "values can be handed over"
    ),
    Case("long-text", "a text of ten million letters", answer("'x' * 10**7"), "CRR", "characters"),
    Case("long-number", "an integer of a million digits", answer("10 ** 10**6"), "CRR", "an integer may have"),
    Case("large-number", "an integer of a thousand digits", answer("10 ** 1000"), "WRR", "g is a number"),
    Case(
        "deep-list",
        "lists within lists",
        answer("__import__('functools').reduce(lambda a, _: [a], range(10**5), 1.0)"),
        "WRR",
        "g is a list",
    ),
    Case(
        "list-in-itself",
        "a list that holds itself",
        in_gate("held = []; held.append(held); held *= 3; return held"),
        "WRR",
        "g is a list",
    ),
    Case(
        "dict-in-itself",
        "a dict that holds itself",
        in_gate("held = {}; held['a'] = held['b'] = held; return held"),
        "WRR",
        "g is a dict",
    ),
    Case(
        "many-keys",
        "a dict of a hundred thousand keys where a letter is due",
        misprint("misprint = {str(k): k for k in range(90000)}"),
        "RWR",
        "misprint is a dict",
    ),
    Case("nan", "NaN in every place", answer("np.full((2, b.size), np.nan)"), "WRR", "holds NaN (not a number)"),
    Case("infinity", "infinity in every place", answer("np.full((2, b.size), np.inf)"), "WRR", "holds infinity"),
    Case("objects", "an array of objects", answer("np.array([[object()]])"), "WRR", "array of dtype object"),
    Case("records", "a structured array", answer("np.zeros((2, 3), 'f8,i4')"), "WRR", "array of dtype"),
    Case("dates", "an array of dates", answer("np.zeros((2, b.size), 'M8[s]')"), "WRR", "array of dtype"),
    Case("texts", "an array of texts", answer("np.full((2, b.size), 'right')"), "WRR", "array of dtype"),
    Case("masked", "a masked array that is equal to everything", answer("np.ma.masked_all((2, b.size))"), "WRR", "g "),
    Case("complex", "complex numbers", answer("np.zeros((2, b.size), complex)"), "WRR", "complex entries"),
    Case("empty", "an array of no entries and a large shape", answer("np.zeros((0, 2**40))"), "WRR", "g has shape"),
    Case(
        "many-dimensions",
        "an array of 32 dimensions",
        answer("np.zeros((1,) * 32)"),
        "WRR",
        "g is of type array of dtype",
    ),
    Case(
        "liar",
        "a subclass of array that lies about its shape, type and equality",
        in_gate(LIAR),
        "WRR",
        "g has shape (9, 9)",
    ),
    Case("equal-to-all", "an object that is equal to everything", in_gate(EVERYTHING), "WRR", "g is of type __main__."),
    Case(
        "equal-text",
        "a text that is equal to every text",
        misprint(
            "class S(str):\n    def __eq__(self, o): return True\n"
            "    __hash__ = str.__hash__\n    def strip(self): return 'i'\n"
            "misprint = S('f')"
        ),
        "RWR",
        "misprint is not right",
    ),
    Case(
        "equal-number",
        "a number that is equal to all",
        in_gate("class F(float):\n    def __eq__(self, o): return True\nreturn F(2)"),
        "WRR",
        "g is a number",
    ),
    Case("raises", "an object that raises at every look", in_gate(RAISES), "WRR", "g is of type"),
    Case("pickle-bomb", "an object that runs a command when unpickled", in_gate(PICKLE), "WRR", "g is of type"),
    Case("endless", "a list that never ends when gone through", in_gate(ENDLESS), "WRR", "g is a tuple"),
    Case("generator", "a generator", answer("(v for v in x)"), "WRR", "generator"),
    Case("function", "a function", answer("gate"), "WRR", "function"),
    Case("tensor", "a tensor", answer("__import__('keras').ops.ones((2, 3))"), "WRR", "g is a tensor"),
    Case(
        "none-at-second",
        "None the second time",
        text(
            notebook(
                gate="def gate(x, W, b, calls=[]):\n    calls.append(1)\n"
                "    return None if len(calls) > 1 else 1 / (1 + np.exp(-(x @ W + b)))"
            )
        ),
        "WRR",
        "gate returned None",
    ),
    Case("half-surrogate", "half of a letter", misprint("misprint = '\\ud800i'"), "RWR", "misprint is not right"),
    Case(
        "changes-inputs",
        "writes into what it was given",
        in_gate("x[:] = W[:] = b[:] = 0"),
        "WRR",
        "changed its argument 1, 2, 3",
    ),
    Case(
        "keeps-inputs",
        "changes the first call's inputs during the second",
        text(
            notebook(
                gate="held = []\ndef gate(x, W, b):\n    for old in held: old[:] = 0\n"
                "    held.extend((x, W, b))\n    return 1 / (1 + np.exp(-(x @ W + b)))"
            )
        ),
    ),
    Case(
        "remembers",
        "answers with a number from another run",
        misprint(f"{MISPRINT}\ngate = lambda x, W, b: np.full((2, b.size), 0.5)"),
        "WRR",
        "g differs",
        "gate is defined in cells",
    ),
]
