"""Writes results, hooks, sitecustomize, .pth; leaves files, links and devices."""

from tests.hostile.case import Case, after, beside, in_gate

EVERYWHERE = """
import os, site, sys, sysconfig
places = ["/", "/tmp", "/var/tmp", "/dev/shm", "/etc", "/root", "/home", "/run", os.path.expanduser("~"), os.getcwd(),
          "..", "../..", "@FOLDER@", "@OUT@", "@FOLDER@/victim-0", site.getusersitepackages(), *site.getsitepackages(),
          sysconfig.get_path("stdlib"), os.path.dirname(sys.executable), os.path.dirname(os.__file__),
          "/proc/1/cwd", "/proc/1/root", "/usr/local/bin"]
"""
MARKS = (
    EVERYWHERE
    + """
for place in places:
    for name in ("hostile-mark", "hostile-mark.pth", "sitecustomize.py", "usercustomize.py", "conftest.py",
                 "gradebook.csv", "results.json"):
        try:
            os.makedirs(place, exist_ok=True)
            open(os.path.join(place, name), "w").write("hostile-mark")
        except OSError: pass
"""
)
REPLACES = (
    EVERYWHERE
    + """
import numpy, keras
for path in (sys.executable, numpy.__file__, keras.__file__, os.__file__, "/etc/passwd", "/etc/hosts", "/bin/sh"):
    for act in (lambda: os.remove(path), lambda: os.rename(path, path + ".hostile-mark"), lambda: os.chmod(path, 0o777),
                lambda: open(path, "a").write("x"), lambda: os.utime(path), lambda: os.link(path, "/tmp/hostile-mark")):
        try:
            act()
            if path not in ("/etc/passwd", "/etc/hosts"): print("found", path)
        except OSError: pass
"""
)
RESULTS = """
rows = "student,notebook,exercise,state,points,max\\nwrites-results,99_three,E99.1,right,100,100\\n"
import json, os
for place in (".", "/tmp", "/tmp/home", "..", "@OUT@"):
    score = json.dumps({"score": 100, "tests": []})
    for name, text in (("gradebook.csv", rows), ("results.json", score), ("feedback/x.html", rows)):
        try:
            os.makedirs(os.path.dirname(os.path.join(place, name)), exist_ok=True)
            open(os.path.join(place, name), "w").write(text)
        except OSError: pass
gate = None
"""
HOOKS = """
import atexit, os, signal, sys, threading
def late():
    for place in ("/tmp", "@OUT@", "@FOLDER@"):
        try: open(place + "/hostile-mark", "w").write("late")
        except OSError: pass
atexit.register(late)
os.register_at_fork(after_in_child=late, before=late)
sys.addaudithook(lambda *a: None)
threading.Timer(1.0, late).start()
signal.signal(signal.SIGALRM, lambda *a: late()); signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)
"""
LINKS = """
import os, socket
for target in ("@FOLDER@", "@OUT@", "/etc/shadow", "/"):
    try: os.symlink(target, "/tmp/link-" + str(len(target)))
    except OSError: pass
for make in (lambda: os.mkfifo("/tmp/hostile-mark"), lambda: os.mknod("/tmp/device", 0o20666, os.makedev(1, 1)),
             lambda: socket.socket(socket.AF_UNIX).bind("/tmp/sock"), lambda: os.chmod("/tmp", 0),
             lambda: os.chmod("/bin/sh", 0o4777)):
    try: make()
    except OSError: pass
"""

CASES = [
    Case("writes-everywhere", "leaves files wherever it can", beside(MARKS)),
    Case("replaces", "replaces libraries and programs", beside(REPLACES)),
    Case(
        "writes-results",
        "writes a gradebook, and no answer",
        after(RESULTS),
        "NRR",
        "gate is still None",
        note="gate is defined in cells",
    ),
    Case("hooks", "hooks for the end, the fork, the alarm and later", beside(HOOKS)),
    Case("links", "links, pipes, sockets and devices", in_gate(LINKS)),
    Case(
        "locks",
        "locks every file that it can open",
        beside(
            "import fcntl, glob\nheld = []\n"
            "for path in glob.glob('/usr/lib/*')[:200] + ['/dev/null', '/dev/urandom']:\n"
            "    try: held.append(open(path)); fcntl.flock(held[-1], fcntl.LOCK_EX | fcntl.LOCK_NB)\n"
            "    except OSError: pass"
        ),
    ),
]
