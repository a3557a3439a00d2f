"""Patches numpy, keras, pytest, builtins and the worker's own protocol; writes forged frames; claims a score."""

from tests.grading_front.conftest import GATE, notebook
from tests.hostile.case import Case, after, beside, in_gate, text

WRONG = GATE.replace(" + b", "")
FRAME = """
import json, os, struct
def frame(record):
    text = json.dumps(record).encode()
    return struct.pack(">4sIQ", b"CKW1", len(text), 0) + text
"""
MODULES = """
import sys
for module in list(sys.modules.values()):
    try: names = dict(vars(module))
    except Exception: continue
"""


def wrong_and(code: str):
    """A wrong ``gate``, and a cell that should make it pass."""
    return text(
        notebook([f"import numpy as np\n{WRONG}", "misprint = 'i'", "def Double():\n    return lambda x: 2 * x", code])
    )


def sent(code: str):
    """The attack writes to the channel during a call."""
    return in_gate(FRAME + code)


BIAS = "the bias is missing"
REFUSED = "what came back was refused"

CASES = [
    Case(
        "numpy",
        "numpy's comparisons say yes",
        wrong_and(
            "for name in ('allclose', 'array_equal', 'isclose', 'equal', 'all', 'abs', 'isfinite'):\n"
            "    setattr(np, name, lambda *a, **k: True)"
        ),
        "WRR",
        BIAS,
    ),
    Case(
        "numpy-spoilt",
        "numpy's exp gives zeros",
        text(notebook(setup="import numpy as np\nnp.exp = lambda a: 0 * a")),
        "WRR",
        "g differs",
    ),
    Case(
        "numpy-gone",
        "takes numpy's ndarray away",
        after("import sys\nnp.ndarray = np.generic = None\nsys.modules['numpy'] = None"),
        note="its code broke the worker's loop",
    ),
    Case(
        "keras",
        "Keras' layers answer what is asked",
        wrong_and("import keras\nkeras.layers.Layer.__call__ = lambda *a, **k: 1"),
        "WRR",
        BIAS,
    ),
    Case(
        "pytest",
        "a pytest that passes everything",
        wrong_and(
            "import sys, types\nsys.modules['pytest'] = types.ModuleType('pytest')\n"
            "open('conftest.py', 'w').write('def pytest_runtest_makereport(item, call): ...')"
        ),
        "WRR",
        BIAS,
    ),
    Case(
        "checker",
        "a check that says right",
        wrong_and("import course_kit\ncourse_kit.check = lambda id: print(id, 'right')\ncourse_kit.check('E99.1')"),
        "WRR",
        BIAS,
    ),
    Case(
        "compare",
        "a course_kit.checking whose expect does nothing",
        wrong_and(
            "import sys, types\nfake = types.ModuleType('course_kit.checking.compare')\n"
            "fake.expect = lambda *a, **k: None\n"
            "sys.modules['course_kit.checking.compare'] = fake"
        ),
        "WRR",
        BIAS,
    ),
    Case(
        "builtins",
        "builtins that say yes",
        wrong_and(
            "import builtins\nbuiltins.isinstance = lambda *a: True\n"
            "builtins.len = lambda v: 3\nbuiltins.all = builtins.any = lambda v: True"
        ),
        "WRR",
        BIAS,
        "its code broke the worker's loop",
    ),
    Case(
        "protocol",
        "every module's encode gives what is wished",
        wrong_and(
            MODULES
            + """
    if callable(names.get('encode')) and names.get('FrameReader'):
        import json
        module.encode = lambda value: b'CKW1' + bytes(12)
"""
        ),
        "WRR",
        BIAS,
        "what came back was refused",
    ),
    Case(
        "student-object",
        "the worker's own objects say right",
        wrong_and(
            MODULES
            + """
    if 'Student' in names and 'serve' in names:
        names['Student'].call = lambda self, name, args, kwargs: {'state': 'right', 'points': 4, 'score': 1.0}
"""
        ),
        "CRR",
        REFUSED,
    ),
    Case(
        "verdict",
        "sends a verdict in the place of an answer",
        sent("os.write(3, frame(['dict', ['id', 9], ['state', 'right'], ['points', 100]]))"),
        "CRR",
        REFUSED,
    ),
    Case("garbage", "sends garbage", sent("os.write(3, b'\\xff' * 10**6)"), "CRR", REFUSED),
    Case(
        "pickle",
        "sends a pickle",
        sent("import pickle\nos.write(3, pickle.dumps({'state': 'right'}) * 9)"),
        "CRR",
        REFUSED,
    ),
    Case(
        "length-that-lies",
        "says that 60 MiB will come, and sends one byte at a time",
        sent(
            "import time\nos.write(3, struct.pack('>4sIQ', b'CKW1', 9, 60 * 2**20))\n"
            "while True: os.write(3, b'x'); time.sleep(0.01)"
        ),
        "CRR",
        "no answer within 3 s",
    ),
    Case(
        "length-too-large",
        "says that 2^60 bytes will come",
        sent("os.write(3, struct.pack('>4sIQ', b'CKW1', 9, 2**60))"),
        "CRR",
        REFUSED,
    ),
    Case(
        "many-answers",
        "sends thousands of answers in advance",
        sent(
            "os.set_blocking(3, False)\ntry:\n    for k in range(20000):\n"
            "        os.write(3, frame(['dict', ['id', k], ['state', 'value'], ['value', 1.0]]))\n"
            "except OSError: pass"
        ),
        "CRR",
        REFUSED,
    ),
    Case(
        "deep-frame",
        "sends brackets a million deep",
        sent("text = b'[' * 10**6\nos.write(3, struct.pack('>4sIQ', b'CKW1', len(text), 0))\nos.write(3, text)"),
        "CRR",
        REFUSED,
    ),
    Case(
        "wide-frame",
        "sends four million commas",
        sent(
            "import socket\ntext = b'[' + b'0,' * (2**21 - 2) + b'0]'\n"
            "socket.socket(fileno=os.dup(3)).sendall(struct.pack('>4sIQ', b'CKW1', len(text), 0) + text)"
        ),
        "CRR",
        REFUSED,
    ),
    Case(
        "number-frame",
        "sends a number of four million digits",
        sent(
            "import socket\ntext = b'1' * (2**22 - 1)\n"
            "socket.socket(fileno=os.dup(3)).sendall(struct.pack('>4sIQ', b'CKW1', len(text), 0) + text)"
        ),
        "CRR",
        REFUSED,
    ),
    Case(
        "fraction-frame",
        "sends a fraction of four million digits",
        sent(
            "import socket\ntext = b'0.' + b'1' * (2**22 - 9)\n"
            "socket.socket(fileno=os.dup(3)).sendall(struct.pack('>4sIQ', b'CKW1', len(text), 0) + text)"
        ),
        "CRR",
        REFUSED,
    ),
    Case(
        "twice",
        "a key twice in a frame",
        sent("os.write(3, frame(['dict', ['id', 1], ['id', 2], ['state', 'value']]))"),
        "CRR",
        REFUSED,
    ),
    Case(
        "array-that-lies",
        "an array longer than its frame",
        sent("os.write(3, frame(['dict', ['id', 1], ['state', 'value'], ['value', ['array', '<f8', 2**40, 2**40]]]))"),
        "CRR",
        REFUSED,
    ),
    Case(
        "descriptors-along",
        "sends open files along",
        sent("import socket\nsocket.send_fds(socket.socket(fileno=os.dup(3)), [frame('x')], [0] * 99)"),
        "CRR",
        REFUSED,
    ),
    Case(
        "scores-printed",
        "prints a perfect score",
        wrong_and("print('E99.1 Gate: right')\nprint('{\"score\": 4, \"max_score\": 4}')"),
        "WRR",
        BIAS,
    ),
    Case(
        "trace",
        "a trace function that changes what comes back",
        wrong_and(
            "import sys, threading\nsys.settrace(lambda *a: None)\nsys.setprofile(lambda *a: None)\n"
            "threading.settrace(lambda *a: 1 / 0)"
        ),
        "WRR",
        BIAS,
    ),
    Case(
        "excepthook",
        "hooks for errors, output and imports",
        beside(
            "import builtins, sys\nsys.excepthook = sys.unraisablehook = print\n"
            "sys.stdout = sys.stderr = sys.stdin = None\nsys.meta_path.clear(); sys.path.clear()"
        ),
        "RRR",
    ),
    Case(
        "streams",
        "output that raises at every letter",
        beside(
            "import sys\nclass Bad:\n    def __getattr__(self, name): raise SystemExit\n"
            "sys.stdout = sys.stderr = sys.__stdout__ = Bad()"
        ),
        "CRR",
        "SystemExit",
        honest=4,
    ),
    Case(
        "recursion", "a limit on recursion that leaves no room", beside("import sys\nsys.setrecursionlimit(60)"), "RRR"
    ),
]
