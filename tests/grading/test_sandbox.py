"""Each promise of the sandbox, asked for from inside. ``test_ordinary_user.py`` runs all of it again as no root."""

import os
import socket
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from course_kit.grading import sandbox
from course_kit.grading.limits import Limits
from course_kit.grading.server import WorkerDied, WorkerServer

from .conftest import MIB, SMALL, children

pytestmark = pytest.mark.usefixtures("can_shut_in")

REPOSITORY = Path(__file__).resolve().parents[2]
SECRET = (
    "".join(chr(code) for code in (99, 97, 110, 97, 114, 121, 45)) + "7f3a" * 4
)  # spelt so that code does not hold it
# A container's /proc, as ordinary_user.py makes one; the kernel then lets nobody but root mount a whole one.
MASKED = os.geteuid() != 0 and " /proc/keys " in Path("/proc/self/mountinfo").read_text()


def test_files_outside_the_libraries_are_out_of_sight(ask, tmp_path):
    """The repository, the home of the user, a submission beside ours."""
    other = tmp_path / "submission.ipynb"
    other.write_text("{}")
    paths = [*map(str, (other, REPOSITORY / "pyproject.toml", REPOSITORY / "course_kit", REPOSITORY / "tests"))]
    paths += ["/etc/shadow", "/etc/ssh", "/root/.ssh", "/root/.bashrc", "/var", "/home", "/sys", "/run"]
    assert [path for path in paths if os.path.exists(path)], "the test must look for files that are there"
    assert ask(f"import os\nanswer = [p for p in {paths!r} if os.path.lexists(p)]") == []


def test_root_directory_holds_libraries_only(ask):
    """Whatever is on the way to a library's directory leads nowhere else."""
    shown = {Path(path) for path, show in sandbox.layout([]) if show}
    ways = {above for path in shown for above in path.parents}
    walk = f"""
    import os
    shown, answer = {sorted(map(str, shown))!r}, []
    for top, below, files in os.walk("/"):
        below[:] = [d for d in below if os.path.join(top, d) not in (*shown, "/proc", "/dev", "/tmp")]
        answer += [os.path.join(top, n) for n in (*below, *files)]
    """
    extra = {Path(path) for path in ask("\n".join(line[4:] for line in walk.split("\n")))} - ways - shown
    assert extra == {Path(f"/etc/{name}") for name in ("passwd", "group", "hosts")}


def test_hidden_directory_inside_a_library_is_empty():
    """As the course kit's own directory is when it is installed among the libraries."""
    numpy = Path(sysconfig.get_path("purelib")) / "numpy"
    with WorkerServer(SMALL, preload=(), hide=[numpy]) as server:
        worker = server.spawn()
        worker.cell(f"import os\nhidden, beside = os.listdir({str(numpy)!r}), os.listdir({str(numpy.parent)!r})", 1)
        assert worker.value("hidden").value == []
        assert "numpy" in worker.value("beside").value


def test_layout_covers_what_is_hidden_and_opens_what_is_needed_below_it(monkeypatch, tmp_path):
    """A repository inside a library's directory that holds the virtual environment: Docker's /usr/src/app."""
    repository, environment = tmp_path / "lib/app", tmp_path / "lib/app/.venv"
    environment.mkdir(parents=True)
    monkeypatch.setattr(sandbox, "LIBRARIES", (str(tmp_path / "lib"),))
    for name in ("prefix", "base_prefix", "exec_prefix"):
        monkeypatch.setattr(sys, name, str(environment))
    plan = sandbox.layout([str(repository), str(tmp_path / "elsewhere")])
    assert plan == [(str(tmp_path / "lib"), True), (str(repository), False), (str(environment), True)]


def test_python_below_tmp_is_no_obstacle(monkeypatch, tmp_path):
    """A virtual environment where the private scratch goes: it is shown, and nothing beside it."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "env"], check=True)
    python = tmp_path / "env/bin/python"
    purelib = subprocess.check_output(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], text=True
    )
    Path(purelib.strip(), "numpy.pth").write_text(sysconfig.get_path("purelib"))
    monkeypatch.setattr(sys, "executable", str(python))
    with WorkerServer(SMALL, preload=()) as server:
        worker = server.spawn()
        worker.cell(f"import os, sys\nbeside, prefix = os.listdir({str(tmp_path)!r}), sys.prefix", 1)
        assert worker.value("beside").value == ["env"]
        assert worker.value("prefix").value == str(tmp_path / "env")
        assert worker.cell(f"open({str(tmp_path / 'env/mark')!r}, 'x')", 2).error.type == "OSError"


def test_nothing_can_be_written_but_the_private_scratch(ask):
    """Every directory that can be seen is tried."""
    written = ask("""
import os
answer = []
for top, below, _ in os.walk("/"):
    below[:] = [d for d in below if top.count("/") < 3 and d != "proc"]
    try:
        open(os.path.join(top, "mark"), "x").close()
        answer.append(top)
    except OSError:
        pass
""")
    # An environment below /tmp is mounted into the private scratch; the folders on the way to it are scratch too.
    on_the_way = {str(p) for p in Path(sys.prefix).parents if p.is_relative_to("/tmp")} - {"/tmp"}
    assert set(written) - on_the_way == {"/tmp", "/tmp/home", "/tmp/shm"}
    assert not os.path.exists("/tmp/mark")


def test_scratch_is_bounded_in_bytes_and_in_files(ask):
    """4 MiB and 64 files here; it is memory, and other workers need some."""
    assert ask("""
import errno
answer = []
try:
    with open("/tmp/big", "wb") as file:
        for _ in range(64):
            file.write(bytes(2**20)); file.flush()
except OSError as error:
    answer.append(errno.errorcode[error.errno])
try:
    for k in range(1000):
        open(f"/tmp/home/{k}", "x").close()
except OSError as error:
    answer.append(errno.errorcode[error.errno])
answer.append(k < 64)
""") == ["ENOSPC", "ENOSPC", True]


def test_scratch_of_one_worker_is_gone_for_the_next(numpy_server):
    """An empty home, every time."""
    for _ in range(2):
        worker = numpy_server.spawn()
        worker.cell("import os\nfound = os.listdir('/tmp/home')\nopen('mark', 'x').close()", 1)
        assert worker.value("found").value == []
        worker.close()


def test_one_file_is_bounded(numpy_server):
    """RLIMIT_FSIZE, an error of the student's code and not the end of it."""
    with WorkerServer(Limits(file_bytes=MIB), preload=()) as server:
        worker = server.spawn()
        reply = worker.cell("open('big', 'wb').write(bytes(2**21)); open('big', 'ab').write(b'x')", 1)
        assert (reply.error.type, reply.error.message) == ("OSError", "[Errno 27] File too large")


def test_no_other_process_is_visible(ask):
    """The worker is process 1 of its own tree; where /proc is masked it has its own entry alone, without a number."""
    found = ask("import os\nanswer = [n for n in os.listdir('/proc') if n.isdigit()], os.getpid(), os.getppid()")
    assert found == ([] if MASKED else ["1"], 1, 0)


def test_every_namespace_is_the_workers_own(ask):
    """Process tree, mounts, network, IPC, host name."""
    names = ["pid", "mnt", "net", "ipc", "uts"]
    ours = [os.readlink(f"/proc/self/ns/{name}") for name in names]
    theirs = ask(f"import os\nanswer = [os.readlink('/proc/self/ns/' + n) for n in {names}]")
    assert not set(ours) & set(theirs)
    assert ask("import socket\nanswer = socket.gethostname()") == "student"


def test_killing_everything_harms_nobody_else(numpy_server, ask):
    """kill(-1), kill(0) and the own parent, with signal 9: not even the worker itself ends."""
    other = numpy_server.spawn()
    assert ask("""
import os
answer = 0
for pid in (-1, 0, os.getppid(), os.getpid()):
    try:
        os.kill(pid, 9)
    except ProcessLookupError:
        answer += 1
""") in (0, 1)
    assert other.cell("x = 1", 1).state == "value"
    other.close()
    numpy_server.spawn().close()


def test_network_is_out_of_reach(ask):
    """A server on this machine, by internet address and by abstract name."""
    with socket.create_server(("127.0.0.1", 0)) as inet, socket.socket(socket.AF_UNIX) as unix:
        name = f"\0course-kit-test-{os.getpid()}"
        unix.bind(name)
        unix.listen()
        with socket.create_connection(inet.getsockname()), socket.socket(socket.AF_UNIX) as near:
            near.connect(name)  # from outside both can be reached
        errors = ask(f"""
import socket
answer = []
for family, address in ((socket.AF_INET, {inet.getsockname()!r}), (socket.AF_UNIX, {name!r})):
    try:
        socket.socket(family).connect(address)
    except OSError as error:
        answer.append(error.errno)
""")
    assert errors == [101, 111]  # network is unreachable, connection refused


def test_socket_families_other_than_unix_and_inet_are_refused(ask):
    """A network namespace alone lets netlink, packet, vsock and alg sockets be made."""
    families = range(46)
    made = ask(f"""
import socket
answer = []
for family in {list(families)}:
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET):
        try:
            socket.socket(family, kind).close()
            answer.append(family)
        except OSError:
            pass
""")
    assert set(made) == {socket.AF_UNIX, socket.AF_INET} | ({socket.AF_INET6} & set(made))


def test_worker_is_not_root_nor_anybody_else(numpy_server, ask):
    """Root's workers have a uid each that nobody has; an ordinary user's have the user's, in a user namespace."""
    mine = ask("import os\nanswer = [*os.getresuid(), *os.getresgid(), *os.getgroups()]")
    other = numpy_server.spawn()
    other.cell("import os\nuid = os.getuid()", 1)
    if os.geteuid() == 0:
        assert len(set(mine)) == 1
        assert mine[0] >= 1000
        assert other.value("uid").value != mine[0]
    else:
        assert set(mine[:3]) == {os.getuid()}
        assert ask("import os\nanswer = os.readlink('/proc/self/ns/user')") != os.readlink("/proc/self/ns/user")
    other.close()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give itself groups, and only root's workers lose them")
def test_groups_of_root_are_given_up():
    """The group of the logs, say, or of Docker's socket."""
    mine = os.getgroups()
    os.setgroups([0, 4])
    try:
        with WorkerServer(SMALL, preload=()) as server:
            worker = server.spawn()
            worker.cell("import os\ngroups = os.getgroups()", 1)
            assert worker.value("groups").value == []
    finally:
        os.setgroups(mine)


def test_worker_has_no_capabilities_and_gains_none(ask):
    """All five sets empty, no new privileges, a filter in place."""
    status = ask(
        "answer = dict(line.split(':') for line in open('/proc/self/status').read().split('\\n') if ':' in line)"
    )
    for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
        assert int(status[name], 16) == 0, name
    assert status["NoNewPrivs"].strip() == "1"
    assert status["Seccomp"].strip() == "2"


CALLS = {
    "unshare": "libc.unshare(0x10000000)",
    "setns": "libc.setns(0, 0)",
    "clone with a new namespace": "libc.syscall({'x86_64': 56, 'aarch64': 220}[machine], 0x10000011, 0, 0, 0, 0)",
    "mount": "libc.mount(b'x', b'/tmp', b'tmpfs', 0, 0)",
    "chroot": "libc.chroot(b'/tmp')",
    "ptrace": "libc.ptrace(0, 0, 0, 0)",
    "memfd_create": "libc.syscall({'x86_64': 319, 'aarch64': 279}[machine], b'x', 0)",
    "shmget": "libc.shmget(0, 4096, 0o1600)",
    "msgget": "libc.msgget(0, 0o1600)",
    "semget": "libc.semget(0, 1, 0o1600)",
    "io_setup": "libc.syscall({'x86_64': 206, 'aarch64': 0}[machine], 1, ctypes.byref(ctypes.c_long()))",
    "a larger buffer of a socket": "libc.setsockopt(3, 1, 7, ctypes.byref(ctypes.c_int(2**22)), 4)",
    "a share of the processors": "libc.setsid()",
    "keyctl": "libc.syscall({'x86_64': 250, 'aarch64': 219}[machine], 0, -3, 0)",
    "io_uring_setup": "libc.syscall(425, 1, 0)",
    "bpf": "libc.syscall({'x86_64': 321, 'aarch64': 280}[machine], 0, 0, 0)",
    "forgetting to die with the keeper": "libc.prctl(1, 0, 0, 0, 0)",
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
def test_system_call_is_refused(ask, call):
    """EPERM for each, where some would otherwise give another error or succeed."""
    result, error = ask(f"""
import ctypes, platform
machine, libc = platform.machine(), ctypes.CDLL(None, use_errno=True)
result = {call}
answer = result, ctypes.get_errno()
""")
    assert (result, error) == (-1, 1)


def test_threads_and_processes_can_still_be_made(ask):
    """clone3 is answered with "no such call", and the C library falls back to clone."""
    assert ask("""
import subprocess, threading
found = []
thread = threading.Thread(target=found.append, args=(1,))
thread.start(); thread.join()
answer = found, subprocess.run(["/bin/echo", "hello"], capture_output=True, text=True).stdout
""") == ([1], "hello\n")


def test_fork_bomb_stops_at_its_limit_and_all_of_it_ends(worker, ask):
    """32 processes here; the rest are an error of the student's code."""
    before = set(children(os.getpid()))
    made = ask("""
import os, time
answer = 0
try:
    while True:
        if os.fork() == 0:
            try:
                while True:
                    os.fork()
            except OSError:
                time.sleep(60)
        answer += 1
except OSError:
    pass
""")
    assert 0 < made < SMALL.processes
    bombs = set(children(os.getpid())) - before
    assert len(bombs) > made
    worker.kill()
    assert not bombs & set(children(os.getpid()))


HOGS = {
    "one process": """
held = []
while True:
    held.append(b"x" * 2**22)
    time.sleep(0.002)
""",
    "a shared mapping": """
held = mmap.mmap(-1, 2**30)
for k in range(0, 2**30, 2**22):
    held[k : k + 2**22] = b"x" * 2**22
    time.sleep(0.002)
time.sleep(9)
""",
    "eight children of 60 MiB": """
for _ in range(8):
    if os.fork() == 0:
        held = b"x" * (60 * 2**20)
        time.sleep(9)
time.sleep(9)
""",
    "eight children that hide their pages": """
for _ in range(8):
    if os.fork() == 0:
        ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)
        held = b"x" * (60 * 2**20)
        time.sleep(9)
time.sleep(9)
""",
}


@pytest.mark.parametrize("code", HOGS.values(), ids=HOGS.keys())
def test_memory_of_the_whole_tree_is_bounded_and_the_reason_said(worker, code):
    """256 MiB here."""
    with pytest.raises(WorkerDied, match=r"killed by signal 9 after using more than 0.25 GiB of memory"):
        worker.cell(f"import ctypes, mmap, os, time\n{code}", 1)
    assert worker.ended.kind == "memory"
    assert worker.ended.peak_memory > SMALL.memory


def test_children_that_share_memory_are_counted_once(worker):
    """Twelve forks of a process of 100 MiB hold 100 MiB."""
    code = """
import os, time
held = b"x" * (100 * 2**20)
for _ in range(12):
    if os.fork() == 0:
        time.sleep(9)
time.sleep(1)
"""
    assert worker.cell(code, 1).state == "value"


def test_one_huge_allocation_is_an_error_and_not_the_end(worker):
    """The address space is bounded too, so the rest of the notebook goes on."""
    assert worker.cell("held = bytearray(2**32)", 1).error.type == "MemoryError"
    assert worker.cell("x = 1", 2).state == "value"


def test_processor_time_of_the_whole_tree_is_bounded():
    """Children that burn in the background count too."""
    with WorkerServer(Limits(cpu_seconds=0.5), preload=()) as server:
        worker = server.spawn()
        code = "import os, time\nif os.fork() == 0:\n    while True: pass\ntime.sleep(9)"
        with pytest.raises(WorkerDied, match=r"after using more than 0.5 s of processor time"):
            worker.cell(code, 1)
        assert worker.ended.kind == "cpu"


def test_daemon_ends_with_its_worker(worker, ask):
    """Two forks and a process group of its own, as daemons are made; a session of its own is refused."""
    before = set(children(os.getpid()))
    assert ask("""
import os, time
if os.fork() == 0:
    os.setpgid(0, 0)
    if os.fork() == 0:
        time.sleep(60)
    os._exit(0)
os.wait()
answer = len([n for n in os.listdir("/proc") if n.isdigit()])
""") == (0 if MASKED else 2)
    started = set(children(os.getpid())) - before
    assert len(started) == 1
    worker.kill()
    assert not started & set(children(os.getpid()))


def test_no_descriptor_is_inherited_but_the_channel(ask):
    """In, out, error, the channel to the judge, and the one that looks."""
    found = ask("import os\nanswer = sorted(os.listdir('/proc/self/fd'))")
    assert found == ["0", "1", "2", "3", "4"]
    assert ask("import os\nanswer = [os.get_inheritable(k) for k in range(4)]") == [True, True, True, False]


def test_environment_is_replaced(monkeypatch):
    """A token in the judge's environment is in no worker's, nor in what the kernel remembers of its start."""
    monkeypatch.setenv("COURSE_KIT_TEST_TOKEN", SECRET)
    with WorkerServer(SMALL, preload=()) as server:
        worker = server.spawn()
        worker.cell("import os\nthen, now = '', dict(os.environ)\nthen = open('/proc/self/environ').read()", 1)
        now, then = worker.value("now").value, worker.value("then").value
    assert now["HOME"] == "/tmp/home"
    assert now["USER"] == "student"
    assert SECRET not in then  # root's workers may not even read it
    assert not [name for name in now if "COURSE_KIT" in name]


SCAN = """
import ctypes, re
answer = 0
first, rest = bytes({first}), {rest}
for line in open("/proc/self/maps"):
    addresses, access = line.split()[:2]
    start, end = (int(x, 16) for x in addresses.split("-"))
    if access.startswith("rw") and not line.rstrip().endswith(("[vvar]", "[vsyscall]")):
        pages = (ctypes.c_char * (end - start)).from_address(start)
        view = memoryview(pages).cast("B")
        for found in re.finditer(first, view):
            answer += list(view[found.end():found.end() + len(rest)]) == rest
"""


def test_memory_of_a_worker_holds_no_secret_of_the_judge(monkeypatch, ask):
    """A worker scans all its memory for a text that the judge has; the scan does find one that the worker has."""
    judge_holds, worker_holds = SECRET.encode(), SECRET[::-1].encode()
    scan = [SCAN.format(first=list(text[:7]), rest=list(text[7:])) for text in (judge_holds, worker_holds)]
    assert ask(scan[0]) == 0
    ask(f"held = bytes({list(worker_holds)})\nanswer = None")
    assert ask(scan[1]) >= 1


def test_the_words_for_reports_name_what_is_there(worker):
    """The line at the top of every report comes from the worker itself, once it is shut in."""
    who = "own uid" if os.geteuid() == 0 else "user namespace"
    proc = "no /proc but its own entry, " * MASKED
    assert worker.isolation == f"namespaces, {who}, network off, libraries only, {proc}system-call filter"
