"""Reads memory, frames, the collector, /proc, other submissions, solutions, the environment; reaches the network.

What is found is printed: the output is kept, and the test looks for the canary in it. The canary stands in the
victims' notebooks and in the judge's environment.
"""

from tests.hostile.case import Case, after, beside, in_gate

# A canary must not stand in the code that looks for it.
LOOK = """
head, tail = bytes((99, 97, 110, 97, 114, 121, 45)), bytes((55, 102, 51, 97))
def shown(data, where):
    at = data.find(head + tail)
    if at >= 0: print(where, data[at:at + 40])
"""
MEMORY = (
    LOOK
    + """
import ctypes
for line in open("/proc/self/maps"):
    addresses, access = line.split()[:2]
    start, end = (int(x, 16) for x in addresses.split("-"))
    if access.startswith("rw") and not line.rstrip().endswith(("[vvar]", "[vsyscall]")):
        for at in range(start, end, 2**22):
            shown(ctypes.string_at(at, min(2**22 + 64, end - at)), "memory")
"""
)
FRAMES = (
    LOOK
    + """
import gc, sys
frame = sys._getframe()
while frame:
    shown(repr(list(frame.f_locals)).encode(), "locals")
    for value in list(frame.f_globals.values()): shown(repr(value)[:10**5].encode("utf-8", "replace"), "globals")
    frame = frame.f_back
for value in gc.get_objects():
    if type(value) in (dict, list, tuple):
        try: shown(repr(value)[:2000].encode("utf-8", "replace"), "object")
        except Exception: pass
"""
)
FILES = (
    LOOK
    + """
import os, sys
places = ("/", {folder}, {out}, "/root", "/home", "/tmp", "/var/tmp", "/dev/shm", os.getcwd(),
          "/proc/1/cwd", "/proc/1/root")
libraries = (sys.prefix, sys.base_prefix, "/usr", "/etc/alternatives", "/opt")
count = 0
for place in places:
    for top, below, names in os.walk(place):
        below[:] = [d for d in below if d not in ("proc", "site-packages", "lib", "share", "include")][:200]
        top = top.removeprefix("/proc/1/root")
        for name in names:
            work = name.endswith((".ipynb", ".csv", ".zip", ".json", ".toml")) and not top.startswith(libraries)
            if work or "victim" in top:
                print("found", os.path.join(top, name))
"""
)
PROC = (
    LOOK
    + """
import glob
for path in sorted(glob.glob("/proc/[0-9]*/*") + glob.glob("/proc/[0-9]*/fd/*")):
    if path.rsplit("/", 1)[1] in ("environ", "cmdline", "mem", "0", "1", "2", "3", "4", "5", "6"):
        try: shown(open(path, "rb").read(10**6), path)
        except OSError: pass
"""
)
ENVIRONMENT = (
    LOOK
    + """
import os
for name, value in os.environ.items(): shown(value.encode(), name)
try: shown(open("/proc/self/environ", "rb").read(), "then")
except OSError: pass
"""
)
SOLUTIONS = """
import importlib, pkgutil, sys
for name in ("course_kit.reference", "course_kit.exercises.e99_three", "tests.grading_front.e99_three"):
    try:
        module = importlib.import_module(name)
        if getattr(module, "__file__", None): print("found", module.__file__)
        from course_kit.reference import sigmoid
        if callable(getattr(sigmoid, "__code__", None)): print("found", sigmoid)
    except ImportError: pass
import os
for top in sys.path:
    for name in ("course_kit", "tests", "notebooks"):
        if os.path.isdir(os.path.join(top, name)) and os.listdir(os.path.join(top, name)):
            if name == "course_kit": print("found", top, name)
"""
CALLS = """
import ctypes, platform
libc = ctypes.CDLL(None, use_errno=True)
for what in ("ptrace(16, 1, 0, 0)", "mount(b'x', b'/tmp', b'tmpfs', 0, 0)", "unshare(0x10000000)", "setns(3, 0)",
             "chroot(b'/tmp')",
             "setuid(0)", "setgid(0)", "personality(0xffffffff)", "sethostname(b'x', 1)", "umount2(b'/proc', 2)"):
    if eval("libc." + what) != -1: print("found", what)
"""
NETWORK = """
import socket
inet, other = ("127.0.0.1", {port}), ("0.0.0.0", {port})
for kind, family, address in (("tcp", socket.AF_INET, inet), ("tcp", socket.AF_INET, other),
                              ("unix", socket.AF_UNIX, "\\0hostile-{port}"), ("udp", socket.AF_INET, inet)):
    try:
        s = socket.socket(family, socket.SOCK_DGRAM if kind == "udp" else socket.SOCK_STREAM)
        s.settimeout(0.5)
        s.connect(address)
        s.send(b"hello")
        print("found", kind, address)
    except OSError as error: pass
"""
NAMES = """
import socket, urllib.request
for host in ("example.org", "localhost", "metadata.google.internal"):
    try: print("found", socket.getaddrinfo(host, 80)[0][4]) if host != "localhost" else None
    except OSError: pass
for url in ("http://example.org", "http://169.254.169.254/latest/meta-data/", "file:///etc/shadow"):
    try: print("found", urllib.request.urlopen(url, timeout=1).read(99))
    except OSError: pass
"""
FAMILIES = """
import socket
for family in range(50):
    for kind in range(1, 6):
        try: socket.socket(family, kind); print("found family", family) if family not in (1, 2, 10) else None
        except OSError: pass
"""
TOOLS = """
import subprocess
for command in ("ps ax", "mount", "cat /etc/shadow", "ls -la /proc/1/fd /proc/1/cwd/", "curl -s http://127.0.0.1:{port}",
                "sudo -n id", "su -c id", "ping -c1 127.0.0.1", "nsenter -t 1 -a id", "ip addr", "dmesg", "crontab -l",
                "at now", "gdb -p 1"):
    try: done = subprocess.run(command, shell=True, capture_output=True, timeout=2, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired: continue
    if any(word in done.stdout for word in (b"root:", b"uid=0", b"pytest")): print("found", command, done.stdout[:200])
"""
SEED = """
import time
found = 0
for seed in range(3000):
    rng = np.random.default_rng([seed, 1, 2])
    found += bool((rng.standard_normal(x.shape) == x).all())
if found: raise ValueError("found the seed")
"""

CASES = [
    Case("memory", "scans its own memory for the canary", beside(MEMORY)),
    Case("memory-in-call", "the same while it is asked", in_gate(MEMORY)),
    Case("frames", "goes through frames, globals and the collector", after(FRAMES)),
    Case("frames-in-call", "the same while it is asked", in_gate(FRAMES)),
    Case(
        "files",
        "looks for submissions, solutions and results",
        beside(FILES.replace("{folder}", "'@FOLDER@'").replace("{out}", "'@OUT@'")),
    ),
    Case("proc", "reads /proc of everybody", beside(PROC)),
    Case("environment", "reads its environment, then and now", beside(ENVIRONMENT)),
    Case("solutions", "imports the reference", beside(SOLUTIONS)),
    Case("system-calls", "asks the kernel for more", beside(CALLS)),
    Case("tools", "asks the programs of the machine", beside(TOOLS.replace("{port}", "@PORT@"))),
    Case("seed", "tries seeds until one fits", in_gate(SEED)),
    Case("network", "reaches servers of this machine", beside(NETWORK.replace("{port}", "@PORT@"))),
    Case("network-names", "asks for names and pages", beside(NAMES)),
    Case("network-families", "sockets of every family", beside(FAMILIES)),
    Case(
        "inputs-in-error",
        "puts what it was given into an error",
        in_gate("raise ValueError(repr(x.tolist()))"),
        "CRR",
        "ValueError",
    ),
]
