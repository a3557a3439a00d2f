"""Files of ours that must not outlive their reason: a feedback page goes when its student does."""

import json
from pathlib import Path

from course_kit.grading.store import FOLDER


class Pages:
    """The files of one kind in ``out / kind``, remembered from run to run; what somebody else put there stays."""

    def __init__(self, out: Path, kind: str):
        self._folder = out / kind
        self._list = out / FOLDER / f"{Path(kind).name}.list"
        self._folder.mkdir(parents=True, exist_ok=True)
        self._list.parent.mkdir(exist_ok=True)
        self._earlier = self._read()
        self._now: dict[str, None] = {}
        # Written before the first page: a run that is killed leaves no page that nobody remembers.
        self._open = self._list.open("a", encoding="utf-8")

    def add(self, name: str) -> Path:
        """The path of a page that is about to be written."""
        self._now[name] = None
        if name not in self._earlier:
            self._open.write(json.dumps(name) + "\n")
            self._open.flush()
        return self._folder / name

    def forget_the_others(self) -> None:
        """Remove the pages of earlier runs that this one did not write."""
        self._open.close()
        for name in self._earlier - self._now.keys():
            (self._folder / name).unlink(missing_ok=True)
        self._list.write_text("".join(json.dumps(name) + "\n" for name in self._now), encoding="utf-8")

    def _read(self) -> set[str]:
        try:
            lines = self._list.read_text(encoding="utf-8").splitlines()
        except OSError:
            return set()
        found = set()
        for line in lines:
            try:
                name = json.loads(line)
            except ValueError:
                continue  # the end of a line that a kill cut off
            if isinstance(name, str) and name == Path(name).name:
                found.add(name)
        return found
