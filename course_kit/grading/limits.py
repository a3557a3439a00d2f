"""What one submission may use. Every number can be changed; the reasons for the defaults stand beside them."""

from dataclasses import asdict, dataclass
from math import inf

MIB = 2**20
CALL_SECONDS = 5.0  # the default, which checking.Exercise.limit has too
WHOLE = (
    "memory", "processes", "open_files", "file_bytes", "scratch_bytes", "scratch_files", "output_bytes",
)  # fmt: skip


@dataclass(frozen=True)
class Limits:
    """What one submission may use; ``cell`` and ``call`` limits begin anew with each, the others are for all of it.

    Args:
        cell_seconds: wall time of one notebook cell. Imports of 3 s on a slow machine are legal.
        call_seconds: wall time of one call; the exercises ask for milliseconds, Keras' first LSTM call for 0.3 s. An
            exercise that sets its own limit gets that many times as much as its limit is longer than the default.
        total_seconds: wall time of all answers of one submission together.
        cell_cpu_seconds, call_cpu_seconds: processor time of the whole process tree for one cell or call; twice the
            wall time, since TensorFlow has threads.
        cpu_seconds: the same for all answers of one submission together.
        memory: bytes of the whole process tree beyond what it shares with the template. Training a small model
            takes 0.2 GiB.
        processes: processes and threads at once. TensorFlow has 25 threads after ``fit`` on two cores.
        open_files: descriptors of one process.
        file_bytes: size of one file.
        scratch_bytes: size of the private ``/tmp``, which is memory.
        scratch_files: number of files there.
        output_bytes: how much of what it prints is kept, half from the start and half from the end.
    """

    cell_seconds: float = 10.0
    call_seconds: float = CALL_SECONDS
    total_seconds: float = 120.0
    cell_cpu_seconds: float = 20.0
    call_cpu_seconds: float = 10.0
    cpu_seconds: float = 240.0
    memory: int = 2048 * MIB
    processes: int = 256
    open_files: int = 256
    file_bytes: int = 64 * MIB
    scratch_bytes: int = 128 * MIB
    scratch_files: int = 4096
    output_bytes: int = 64 * 1024

    def __post_init__(self):
        for name, value in asdict(self).items():
            whole = name in WHOLE
            if isinstance(value, bool) or not isinstance(value, int if whole else int | float) or not value > 0:
                raise ValueError(f"{name} must be a positive {'whole ' * whole}number. Got {value!r}.")
            if value == inf:
                raise ValueError(f"{name} must be a finite number: a submission without a limit can stop the run.")

    def as_dict(self) -> dict:
        return asdict(self)
