"""Small archives of reviews, made by the tests."""

import io
import tarfile
from pathlib import Path

REVIEWS = {
    "train/neg/0_1.txt": "Dull. I left.<br /><br />Never again.",
    "train/neg/1_4.txt": "Not good, and not even café-clever.",
    "train/neg/10_2.txt": "I wanted to like it.",
    "train/pos/0_10.txt": "A marvel!",
    "train/pos/1_7.txt": "Slow at first, then splendid.",
    "train/pos/2_9.txt": "I did not expect to like it.",
    "test/neg/0_3.txt": "Two hours of nothing.",
    "test/pos/0_8.txt": "Two hours like nothing else.",
}
LEFT_OUT = {
    "README": "about",
    "train/unsup/0_0.txt": "no label",
    "train/labeledBow.feat": "9 0:9",
    "train/pos/._0_10.txt": "a file manager's",
    "imdb.vocab": "the",
}


def packed(
    path: Path, files: dict[str, str | bytes], mode: str = "w:gz", extra: tuple[tarfile.TarInfo, ...] = ()
) -> Path:
    """An archive with these files under aclImdb/, and ``extra`` members without contents."""
    with tarfile.open(path, mode) as tar:
        for name, content in files.items():
            content = content.encode() if isinstance(content, str) else content
            member = tarfile.TarInfo(f"aclImdb/{name}")
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
        for member in extra:
            tar.addfile(member)
    return path


def unpacked(path: Path, files: dict[str, str | bytes]) -> Path:
    """The same as a folder."""
    for name, content in files.items():
        file = path / "aclImdb" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def urls(*films: int) -> str:
    """A list of films as the archive has it."""
    return "".join(f"http://www.imdb.com/title/tt{film:07}/usercomments\n" for film in films)
