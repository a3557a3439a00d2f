"""No submission may take its neighbours' processor time: one that runs more at once than there are cores goes behind.

The kernel gives every running thread the same share, so 250 of them would leave a neighbour one part in 250, and an
answer that takes half a second would come too late. Behind means niceness 19, a seventieth of the usual share, from
which nobody comes back. The policy "idle" would be a third of that, and ending such a crowd would take as long.
"""

import os
from collections.abc import Iterable
from contextlib import suppress

BEHIND = 19


def crowd() -> int:
    """How many threads may be running at once before a worker goes behind. Training uses one a core, or two."""
    return 2 * len(os.sched_getaffinity(0)) + 2


def running(pids: Iterable[int]) -> int:
    """The number of threads of some processes that are running or ready to."""
    count = 0
    for pid in pids:
        with suppress(OSError):
            for task in os.listdir(f"/proc/{pid}/task"):
                with suppress(OSError), open(f"/proc/{pid}/task/{task}/stat") as file:
                    count += file.read().rpartition(")")[2].startswith(" R")
    return count


def put_behind(pids: Iterable[int]) -> None:
    """Give every thread of some processes the smallest share; what they start inherits that."""
    for pid in pids:
        with suppress(OSError):
            for task in map(int, os.listdir(f"/proc/{pid}/task")):
                with suppress(OSError):
                    os.setpriority(os.PRIO_PROCESS, task, BEHIND)
