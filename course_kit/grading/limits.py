"""What one submission may use. Every number can be changed; the reasons for the defaults stand beside them."""

from dataclasses import asdict, dataclass

MIB = 2**20


@dataclass(frozen=True)
class Limits:
    """Limits for one worker, which is one submission or, after a kill, the rest of one.

    Args:
        cell_seconds: wall time of one notebook cell. Imports of 3 s on a slow machine are legal.
        call_seconds: wall time of one call; the exercises ask for milliseconds, Keras' first LSTM call for 0.3 s.
        total_seconds: wall time of all answers of one worker together.
        cpu_seconds: processor time of its whole process tree; twice the wall time, since TensorFlow has threads.
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
    call_seconds: float = 5.0
    total_seconds: float = 120.0
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
            if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
                raise ValueError(f"{name} must be a positive number. Got {value!r}.")

    def as_dict(self) -> dict:
        return asdict(self)
