"""Make data/characters.npz and data/mirror.npz: the models that notebook 19 and `course-kit characters` begin with.

    python data/make_character_model.py       trains, prints the table of notebook 19, writes both files

It is `python -m course_kit.models.characters.compare` into build/characters, of which two results are kept here;
a run that was stopped goes on there. The text is Python's documentation topics, so another version of Python makes
other files, and so may another processor or TensorFlow: then course_kit/models/characters/files.py and
data/README.md need the new SHA-256.
"""

import hashlib
import shutil
import sys
from pathlib import Path

from course_kit.models.characters import compare

NAMES = ("characters.npz", "mirror.npz")
HERE = Path(__file__).resolve().parent

if __name__ == "__main__":
    code = compare.main([])
    if code:
        sys.exit(code)
    for name in NAMES:
        shutil.copyfile(compare.OUT / name, HERE / name)
        found = (HERE / name).read_bytes()
        print(f"{name}: {len(found)} bytes, SHA-256 {hashlib.sha256(found).hexdigest()}")
