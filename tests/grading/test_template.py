"""TensorFlow in a fork of the warm template; ``test_ordinary_user.py`` runs all of it again as no root."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from course_kit.grading import template
from course_kit.grading.server import WorkerServer

from .conftest import children

pytestmark = pytest.mark.usefixtures("can_shut_in")

EVERYTHING = """
import numpy as np, keras, tensorflow as tf
answer = {}
a = np.random.default_rng(0).normal(size=(512, 512)).astype("float32")
answer["matmul"] = float(np.abs(keras.ops.matmul(a, a) - a @ a).max())
with tf.GradientTape() as tape:
    x = tf.Variable(3.0)
    y = x * x
answer["gradient"] = float(tape.gradient(y, x))
answer["function"] = float(tf.function(lambda v: v + 1)(tf.constant(1.0)))
answer["xla"] = float(tf.function(lambda v: tf.reduce_sum(v * v), jit_compile=True)(tf.ones(10)))
data = tf.data.Dataset.range(8).map(lambda v: v * v, num_parallel_calls=4).batch(8)
answer["data"] = [int(v) for v in next(iter(data))]
model = keras.Sequential([keras.Input((5, 3)), keras.layers.LSTM(4), keras.layers.Dense(1)])
model.compile("adam", "mse")
history = model.fit(np.ones((16, 5, 3)), np.ones(16), epochs=2, verbose=0).history["loss"]
answer["learnt"] = history[1] < history[0]
model.save("model.keras")
again = keras.models.load_model("model.keras")
probe = np.ones((1, 5, 3))
answer["saved"] = float(abs(again.predict(probe, verbose=0) - model.predict(probe, verbose=0)).max())
answer["tensor"] = tf.constant([1.0])
"""


@pytest.fixture(scope="module")
def server():
    """With TensorFlow: one start for this file."""
    with WorkerServer() as server:
        yield server


def test_tensorflow_works_in_every_worker(server):
    """Ops, tape, functions, XLA, tf.data, training and saving, in a fork that is shut in; twice, since a template
    that had run an operation would hang its second worker."""
    for _ in range(2):
        worker = server.spawn()
        reply = worker.cell(EVERYTHING, 1, deadline=60)
        assert reply.error is None
        answer = worker.value("answer").value
        assert answer.pop("matmul") < 1e-3
        tensor = answer.pop("tensor")
        assert (tensor.is_tensor, tensor.shape) == (True, (1,))
        assert answer == {
            "gradient": 6.0,
            "function": 2.0,
            "xla": 10.0,
            "data": [k * k for k in range(8)],
            "learnt": True,
            "saved": 0.0,
        }
        worker.close()


def test_waiting_worker_holds_little_memory_of_its_own(server):
    """Worker and keeper: under 100 MiB beyond what they share with the template. Measured: 5 MiB."""
    before = set(children(os.getpid()))
    worker = server.spawn()
    private = 0
    for pid in set(children(os.getpid())) - before:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith(("Private_Clean:", "Private_Dirty:")):
                private += int(line.split()[1]) * 1024
    worker.close()
    assert 0 < private < 100 * 2**20


def test_worker_begins_without_anything_of_the_judge(server):
    """No pytest, no course kit, no exercise among its modules; one thread; an empty command line."""
    worker = server.spawn()
    worker.cell("import os, sys\nmodules, threads = sorted(sys.modules), len(os.listdir('/proc/self/task'))", 1)
    modules = worker.value("modules").value
    assert "tensorflow" in modules
    assert not [name for name in modules if name.partition(".")[0] in ("course_kit", "pytest", "_pytest", "tests")]
    assert worker.value("threads").value == 1
    worker.close()


def test_template_refuses_to_fork_once_a_thread_was_started():
    """As TensorFlow does with its first operation; such a fork would hang. The judge's part is played by a thread."""
    code = f"""
import importlib.util, os, socket, threading, time
spec = importlib.util.spec_from_file_location("template", {template.__file__!r})
template = importlib.util.module_from_spec(spec)
spec.loader.exec_module(template)
near, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
def judge():
    near.recv(1000)
    threading.Thread(target=time.sleep, args=(9,), daemon=True).start()
    near.send(b'{{"number": 1}}')
    print(near.recv(1000).decode(), flush=True)
    os._exit(0)
threading.Thread(target=judge).start()
template.serve(far, None)
"""
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=20)
    assert '{"refused": "1 threads started in the template: a fork would hang", "number": 1}' in finished.stdout, (
        finished.stderr
    )


def test_template_never_imports_the_package_it_lies_in():
    """It is started as a plain file; its half of the directory goes by another name."""
    code = f"import sys; sys.path.insert(0, {str(Path(template.__file__).parent)!r})\n"
    code += "import template; template.load_our_half()\nprint([n for n in sys.modules if n.startswith('course_kit')])"
    finished = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, timeout=20)
    assert finished.stdout == "[]\n", finished.stderr
