"""The files that the kit ships in data/: each loader asks here whether its file is there and whole."""

import hashlib
from pathlib import Path


def digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def require(path: Path, sha256: str | None, again: str) -> Path:
    """The path, of a file that is the kit's own.

    Args:
        path: of the file.
        sha256: in hexadecimal, as data/README.md has it; None for a file of the user's own.
        again: how the file is made anew, as a command and how long it takes.

    Raises:
        FileNotFoundError: if the file is not there.
        ValueError: if it is another one.
    """
    if not path.exists():
        raise FileNotFoundError(
            f"{path.name} must lie in {path.parent}. It is not there: copy it from the course kit, or make it "
            f"with {again}."
        )
    if sha256 is not None and (found := digest(path)) != sha256:
        raise ValueError(
            f"{path.name} must have the SHA-256 {sha256[:12]}... of data/README.md. Got {found[:12]}...: it was "
            "damaged or made anew; copy the kit's own file."
        )
    return path
