"""Deadlines, ends, forged answers, a dead template: what the judge meets, and that it leaves nothing behind."""

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from course_kit.grading import isolation
from course_kit.grading.limits import Limits
from course_kit.grading.output import Output
from course_kit.grading.server import (
    ServerError,
    WireError,
    WorkerDied,
    WorkerRefused,
    WorkerServer,
    WorkerTimeout,
)

from .conftest import SMALL, children

pytestmark = pytest.mark.usefixtures("can_shut_in")

REPOSITORY = Path(__file__).resolve().parents[2]
# Descriptor 3 is the worker's channel to the judge; this is what one finds out who looks for it.
FORGE = "import os, json, struct\ndef frame(r):\n    t = json.dumps(r).encode()\n"
FORGE += "    return struct.pack('>4sIQ', b'CKW1', len(t), 0) + t\n"


def there(pid: int) -> bool:
    """Whether a process is there. One that waits for the machine's init to bury it is not: that is not ours to do."""
    try:
        state, parent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:2]
    except OSError:
        return False
    return state != "Z" or int(parent) == os.getpid()


def gone(pids, within: float = 5.0) -> bool:
    """Whether none of the processes is there any more before some seconds have passed."""
    until = time.monotonic() + within
    while any(map(there, pids)) and time.monotonic() < until:
        time.sleep(0.02)
    return not [pid for pid in pids if there(pid)]


def test_endless_loop_is_ended_at_its_deadline_and_all_of_it(worker):
    """Its processes too; every later request says how it ended."""
    started = set(children(os.getpid()))
    with pytest.raises(WorkerTimeout, match=r"no answer within 0.2 s"):
        worker.cell("import os\nos.fork()\nwhile True: pass", 1, deadline=0.2)
    assert worker.ended.kind == "judge"
    assert worker.ended.cpu_seconds > 0
    assert len(set(children(os.getpid())) - started) == 0
    with pytest.raises(WorkerDied, match="ended by the judge"):
        worker.value("x")


def test_deadline_is_for_the_whole_answer_and_not_for_each_byte(worker):
    """A hostile answer of one byte at a time."""
    code = FORGE + "import time\nfor byte in frame(['dict']) * 100:\n    os.write(3, bytes([byte])); time.sleep(0.02)"
    with pytest.raises((WorkerTimeout, WireError)):
        worker.cell(code.replace("frame(['dict'])", "frame('x' * 1000)"), 1, deadline=0.3)


def test_deadline_holds_for_one_who_reads_no_request(worker):
    """The request waits in the socket while the worker's main thread is stopped by a request before it."""
    code = """
import signal, time
signal.signal(signal.SIGALRM, lambda *_: time.sleep(60))
signal.setitimer(signal.ITIMER_REAL, 0.05)
"""
    worker.cell(code, 1)
    time.sleep(0.1)
    with pytest.raises(WorkerTimeout):
        worker.call("f", np.zeros(2**21), deadline=0.3)


def test_all_answers_together_have_a_limit():
    """Each in time, and yet the submission ends."""
    with WorkerServer(Limits(total_seconds=0.5), preload=()) as server:
        worker = server.spawn()
        with pytest.raises(WorkerTimeout, match=r"all answers together took longer than 0.5 s"):
            for number in range(9):
                worker.cell("import time; time.sleep(0.2)", number)


def test_slow_but_legal_answers_are_not_punished(worker):
    """Half a second a call, ten times the limit of none."""
    worker.cell("import time\ndef f(): time.sleep(0.5); return 1", 1)
    assert worker.call("f").value == 1


ENDS = [
    ("import os; os._exit(0)", r"ended by os._exit\(0\)", "exit", 0),
    ("import os; os._exit(70)", r"ended: its code broke the worker's loop", "exit", 70),
    ("import ctypes; ctypes.string_at(0)", r"killed by signal 11 \(a crash in compiled code", "signal", 11),
    ("import resource as r; r.setrlimit(r.RLIMIT_CPU, (1, 1))\nwhile True: pass", "killed by signal", "signal", None),
    ("import os; os.closerange(0, 99)", "ended", "exit", None),
]


@pytest.mark.parametrize(("code", "reason", "kind", "number"), ENDS, ids=[code[:30] for code, *_ in ENDS])
def test_end_of_a_worker_is_told_in_words(worker, code, reason, kind, number):
    """The reason, its kind, the number; and the figures."""
    with pytest.raises(WorkerDied, match=reason):
        worker.cell(code, 1)
    assert worker.ended.kind == kind
    assert number in (None, worker.ended.code)
    assert worker.ended.seconds > 0


FORGED = {
    "no frame": "os.write(3, b'passed' * 10)",
    "another id": "os.write(3, frame(['dict', ['id', 7], ['state', 'value']]))",
    "no reply": "os.write(3, frame('right'))",
    "a verdict": "os.write(3, frame(['dict', ['id', 1], ['state', 'right'], ['points', 10]]))",
    "pickle": "os.write(3, b'CKW1' + b'\\x80\\x04K\\x01.' * 9)",
}


@pytest.mark.parametrize("code", FORGED.values(), ids=FORGED.keys())
def test_forged_answer_is_refused_and_ends_the_worker(worker, code):
    """What comes after it on the same socket would mean nothing."""
    with pytest.raises(WireError):
        worker.cell(FORGE + code, 1)
    assert worker.ended.kind == "judge"


def test_answer_forged_in_advance_is_refused_when_its_turn_comes(worker):
    """The first request is answered twice, so the second has an answer before it was asked."""
    worker.cell(FORGE + "os.write(3, frame(['dict', ['id', 1], ['state', 'value']]))", 1)
    with pytest.raises(WireError, match="not asked"):
        worker.value("x")


def test_descriptors_sent_along_are_not_received(worker):
    """A student's process can pass open files over the socket; the judge takes bytes only."""
    before = len(os.listdir("/proc/self/fd"))
    code = FORGE + "import socket\ns = socket.socket(fileno=os.dup(3))\nsocket.send_fds(s, [frame('x')], [0] * 9)"
    with pytest.raises(WireError):
        worker.cell(code, 1)
    assert len(os.listdir("/proc/self/fd")) == before


def test_request_that_is_no_plain_data_harms_no_worker(worker):
    """The judge's own mistake is told before anything is sent."""
    with pytest.raises(WireError):
        worker.call("f", 1 << 5000)
    assert worker.cell("x = 1", 1).state == "value"


def test_workers_of_several_threads_do_not_disturb_each_other(numpy_server):
    """Eight threads, a worker each; one of them ends itself."""
    found = {}

    def work(k):
        worker = numpy_server.spawn()
        try:
            worker.cell(f"import os, time\ndef f(x):\n    time.sleep(0.05)\n    return x + {k}", 1)
            if k == 3:
                worker.cell("os._exit(1)", 2)
            found[k] = worker.call("f", 100 * k).value
        except WorkerDied as error:
            found[k] = str(error)
        finally:
            worker.close()

    threads = [threading.Thread(target=work, args=(k,)) for k in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {k: 101 * k for k in range(8)} | {3: "ended by os._exit(1)"}


def family_of(server: WorkerServer) -> tuple[int, int, int]:
    """The pids of the template, its keeper and its worker. Another test's process may be a child of this one too."""
    template = server._template.process.pid
    until = time.monotonic() + 5
    while len(found := children(template)) != 2 and time.monotonic() < until:
        time.sleep(0.01)  # /proc lists children while others come and go, and may leave one out
    keeper, inside = found
    return template, keeper, inside


def test_dead_template_is_replaced_and_its_workers_end():
    """A machine out of memory may kill it."""
    with WorkerServer(SMALL, preload=()) as server:
        worker = server.spawn()
        family = family_of(server)
        os.kill(family[0], signal.SIGKILL)
        with pytest.raises(WorkerDied, match="lost: nobody said how it ended"):
            worker.cell("while True: pass", 1)
        assert gone(family[1:])
        fresh = server.spawn()
        assert fresh.cell("x = 1", 1).state == "value"
        assert gone(family)


def test_worker_ends_with_its_keeper():
    """It cannot forget to: the system call for that is refused. The judge is told, and the template goes on."""
    with WorkerServer(SMALL, preload=()) as server:
        worker = server.spawn()
        template, keeper, inside = family_of(server)
        os.kill(keeper, signal.SIGKILL)
        assert gone([keeper, inside])
        with pytest.raises(WorkerDied, match="lost"):
            worker.value("x")
        assert server.spawn().cell("x = 1", 1).state == "value"
        assert os.path.exists(f"/proc/{template}")


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT], ids=["kill -9", "Ctrl-C"])
def test_nothing_is_left_when_the_judge_is_ended(end):
    """In the middle of a student's endless loop with a child."""
    code = """
import sys
from course_kit.grading.server import WorkerServer
with WorkerServer(preload=()) as server:
    worker = server.spawn()
    worker.cell("import os, time; os.fork()", 1)
    print("running", flush=True)
    worker.cell("while True: pass", 2, deadline=60)
"""
    judge = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=REPOSITORY,
        # A shell starts what runs in the background deaf to the keyboard, and the tests may be run so.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert judge.stdout.readline() == "running\n"
    below = children(judge.pid)
    assert len(below) == 4  # template, keeper, worker, its child
    judge.send_signal(end)
    judge.wait(10)
    judge.stdout.close()
    assert gone(below)


def test_ctrl_c_reaches_the_judge_only():
    """The terminal sends it to a whole session, and the template has its own."""
    with WorkerServer(SMALL, preload=()) as server:
        server.spawn()
        assert os.getsid(0) not in [os.getsid(pid) for pid in family_of(server)]


def test_nothing_is_left_after_the_with_statement():
    """No process, no descriptor, whatever state the workers were in."""
    before, others = len(os.listdir("/proc/self/fd")), set(children(os.getpid()))
    with WorkerServer(SMALL, preload=()) as server:
        busy, ended, idle = server.spawn(), server.spawn(), server.spawn()
        with pytest.raises(WorkerTimeout):
            busy.cell("while True: pass", 1, deadline=0.1)
        with pytest.raises(WorkerDied):
            ended.cell("import os; os._exit(1)", 1)
        idle.dismiss()
        server.spawn()
        below = set(children(os.getpid())) - others
    assert len(below) >= 3
    assert gone(below)
    assert len(os.listdir("/proc/self/fd")) == before


def test_server_that_is_left_while_it_starts_leaves_nothing():
    """Ctrl-C in the first second."""
    before = set(children(os.getpid()))
    with WorkerServer(preload=("numpy",)):
        below = set(children(os.getpid())) - before
    assert below
    assert gone(below)


def test_template_that_cannot_start_says_why():
    """The last lines of its error output, once, and no endless new starts."""
    with WorkerServer(preload=("no_such_package",)) as server, pytest.raises(ServerError, match="No module named"):
        server.spawn()


def test_machine_that_refuses_a_part_refuses_the_worker():
    """Nothing is run unless it is shut in: here the scratch has no room for a home."""
    before = set(children(os.getpid()))
    with (
        WorkerServer(Limits(scratch_files=1), preload=()) as server,
        pytest.raises(WorkerRefused, match="files of the own root: No space left on device"),
    ):
        server.spawn()
    assert gone(set(children(os.getpid())) - before)


def test_without_sandbox_limits_and_order_remain(tmp_path):
    """Asked for by name: it says "unsafe", and still ends daemons, bounds memory and removes its directory."""
    with WorkerServer(SMALL, "none", preload=()) as server:
        worker = server.spawn()
        assert worker.isolation == "none: unsafe"
        started = set(children(os.getpid()))
        worker.cell("import os, time\nhome = os.getcwd()\nif os.fork() == 0:\n    os.setsid(); time.sleep(60)", 1)
        home = worker.value("home").value
        daemon = set(children(os.getpid())) - started
        assert os.path.isdir(home)
        assert len(daemon) == 1
        worker.kill()
        assert gone(daemon)
        assert not os.path.exists(home)
        hog = server.spawn()
        with pytest.raises(WorkerDied, match="memory"):
            hog.cell("import time\nheld = []\nwhile True: held.append(b'x' * 2**22); time.sleep(0.002)", 1)


def test_what_the_machine_can_is_found_out_by_doing_it():
    """For reports and for the doctor."""
    found = isolation.available()
    assert found.level == "namespaces"
    assert found.words.startswith("namespaces, ")
    assert isolation.describe("auto", found.words) == f"Isolation: {found.words}."
    assert "unsafe" in isolation.describe("none", "none: unsafe")


def test_what_the_machine_cannot_comes_with_the_reason_and_advice(monkeypatch):
    """Instead of an exception."""

    def refuse(self):
        raise WorkerRefused("own process tree: Operation not permitted")

    monkeypatch.setattr(WorkerServer, "spawn", refuse)
    found = isolation.available()
    assert (found.level, found.reason) == ("none", "own process tree: Operation not permitted")
    assert "--sandbox none" in found.advice


@pytest.mark.parametrize("name", [field.name for field in fields(Limits)])
@pytest.mark.parametrize("value", [0, -1, "2", None, True, float("nan")])
def test_limit_must_be_a_positive_number(name, value):
    """The rule, and what came."""
    with pytest.raises(ValueError, match=f"{name} must be a positive (whole )?number. Got"):
        Limits(**{name: value})


def test_sandbox_must_be_asked_for_by_its_names():
    """A spelling mistake is not taken for "none"."""
    with pytest.raises(ValueError, match="sandbox must be"):
        WorkerServer(sandbox="off")


@pytest.mark.parametrize("sizes", [[3], [10, 10], [1] * 50, [100], [9, 1, 90], [0, 5]])
def test_output_keeps_the_first_and_the_last_part(sizes):
    """However the bytes were cut; against the plain rule applied to all of them."""
    data = bytes(ord("a") + k % 26 for k in range(sum(sizes)))
    output, at = Output(20), 0
    for size in sizes:
        output.add(data[at : at + size])
        at += size
    text = data.decode()
    cut = len(text) - 20
    assert output.text() == (text if cut <= 0 else f"{text[:10]}\n[{cut} bytes left out]\n{text[-10:]}")
