"""The download against a server on this machine: whole, interrupted, resumed, refused; and what is left on the disk."""

import errno
import hashlib
import random
import re
import shutil
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from course_kit.datasets import imdb
from course_kit.datasets.imdb import download
from course_kit.datasets.imdb.checksum import Public

CONTENT = random.Random(0).randbytes(300_000)


class Server(ThreadingHTTPServer):
    """Serves `content`; counts what it was asked; can break off, refuse ranges, answer with an error."""

    content, breaks_after, ranges, status = CONTENT, None, True, None

    def __init__(self):
        self.asked: list[str | None] = []
        super().__init__(("127.0.0.1", 0), Handler)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        server, asked = self.server, self.headers.get("Range")
        server.asked.append(asked)
        if server.status:
            self.send_error(server.status)
            return
        start = int(re.fullmatch(r"bytes=([0-9]+)-", asked)[1]) if asked and server.ranges else 0
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(server.content) - 1}/{len(server.content)}")
        self.send_header("Content-Length", str(len(server.content) - start))
        self.end_headers()
        end = len(server.content) if server.breaks_after is None else start + server.breaks_after
        self.wfile.write(server.content[start:end])

    def log_message(self, *_):
        """Nothing on standard error."""


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with Server() as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def origin(server):
    url = f"http://127.0.0.1:{server.server_address[1]}/reviews.tar.gz"
    return Public("reviews.tar.gz", url, len(CONTENT), hashlib.sha1(CONTENT).hexdigest())


def refusal(folder, origin) -> str:
    with pytest.raises(imdb.ImdbError) as caught:
        imdb.fetch(folder, origin, timeout=5)
    assert not (folder / origin.name).exists()
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_the_file_comes_whole_and_once(server, origin, tmp_path, capsys):
    """A second call asks nobody; the progress is on standard error; nothing else lies about."""
    folder = tmp_path / "new" / "datasets"

    assert imdb.fetch(folder, origin) == imdb.fetch(folder, origin) == folder / "reviews.tar.gz"

    assert (folder / "reviews.tar.gz").read_bytes() == CONTENT
    assert [path.name for path in folder.iterdir()] == ["reviews.tar.gz"]
    assert server.asked == [None]
    assert "reviews.tar.gz" in (shown := capsys.readouterr()).err
    assert shown.out == ""


def test_an_interrupted_download_goes_on(server, origin, tmp_path):
    """Three connections that break after 100,000 bytes each bring it all, and no byte twice."""
    server.breaks_after = 100_000

    assert "100,000 of 300,000 bytes came and are kept" in refusal(tmp_path, origin)
    assert "200,000 of 300,000 bytes came and are kept" in refusal(tmp_path, origin)
    assert imdb.fetch(tmp_path, origin).read_bytes() == CONTENT
    assert server.asked == [None, "bytes=100000-", "bytes=200000-"]


def test_a_kill_before_the_last_step_loses_nothing(server, origin, tmp_path):
    """All bytes came, the name was not yet given: no second download."""
    (tmp_path / "reviews.tar.gz.part").write_bytes(CONTENT)

    assert imdb.fetch(tmp_path, origin).read_bytes() == CONTENT
    assert server.asked == []


@pytest.mark.parametrize("kept, ranges", [(100_000, False), (400_000, False), (400_000, True)])
def test_a_server_without_ranges_or_a_part_too_long_starts_anew(kept, ranges, server, origin, tmp_path):
    """What it sends from the start is not appended to what is there."""
    server.ranges = ranges
    (tmp_path / "reviews.tar.gz.part").write_bytes(bytes(kept))

    assert imdb.fetch(tmp_path, origin).read_bytes() == CONTENT


@pytest.mark.parametrize("content", [CONTENT[::-1], CONTENT + b"more", b"<html>log in</html>" * 20_000])
def test_another_file_is_refused_or_cut_to_the_right_one(content, server, origin, tmp_path):
    """A login page or changed bytes never get the name; only trailing bytes are harmless."""
    server.content = content
    if content.startswith(CONTENT):
        assert imdb.fetch(tmp_path, origin).read_bytes() == CONTENT
        return

    assert "must have the SHA-1" in refusal(tmp_path, origin)
    assert [] == list(tmp_path.iterdir())  # a wrong part would make every later run wrong

    server.content = CONTENT
    assert imdb.fetch(tmp_path, origin).read_bytes() == CONTENT


def test_wrong_bytes_kept_from_before_are_thrown_away(server, origin, tmp_path):
    """A part of something else fails the checksum once, not for ever."""
    (tmp_path / "reviews.tar.gz.part").write_bytes(bytes(1000))

    assert "What came was deleted; run this again" in refusal(tmp_path, origin)
    assert imdb.fetch(tmp_path, origin).read_bytes() == CONTENT


def test_a_wrong_file_of_that_name_is_not_overwritten(server, origin, tmp_path):
    """It may be the user's own; the error says to delete it."""
    (tmp_path / "reviews.tar.gz").write_bytes(b"mine")

    with pytest.raises(imdb.ImdbError, match="Delete it and run this again"):
        imdb.fetch(tmp_path, origin)
    assert (tmp_path / "reviews.tar.gz").read_bytes() == b"mine"


@pytest.mark.parametrize("status", [404, 416, 500])
def test_a_servers_error_is_told(status, server, origin, tmp_path):
    """Its number, the address, and the way without it; what had come stays."""
    (tmp_path / "reviews.tar.gz.part").write_bytes(CONTENT[:5000])
    server.status = status

    sentence = refusal(tmp_path, origin)

    assert f"HTTP {status}" in sentence
    assert origin.url in sentence
    assert "COURSE_KIT_IMDB" in sentence
    assert (tmp_path / "reviews.tar.gz.part").read_bytes() == CONTENT[:5000]


def test_no_network_is_told(tmp_path):
    """Nobody listens; no name; nobody answers in time: one sentence each, and no file."""
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        port = deaf.getsockname()[1]
        closed = Public("r.tar.gz", f"http://127.0.0.1:{port}/r.tar.gz", 10, "0" * 40)
        assert "Nothing came (" in refusal(tmp_path, closed)
        deaf.listen()
        with pytest.raises(imdb.ImdbError, match=r"Nothing came \(.*timed out"):
            imdb.fetch(tmp_path, closed, timeout=0.2)
    nowhere = Public("r.tar.gz", "http://reviews.invalid/r.tar.gz", 10, "0" * 40)
    assert "Nothing came (" in refusal(tmp_path, nowhere)


def test_a_full_disk_is_told_before_anything_is_asked(server, origin, tmp_path, monkeypatch):
    """Too little room for the rest: no connection, and what had come stays."""
    (tmp_path / "reviews.tar.gz.part").write_bytes(CONTENT[:200_000])
    free = shutil.disk_usage(tmp_path)._replace(free=99_999)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: free)

    assert "must have room for reviews.tar.gz, 300,000 bytes. The disk is full" in refusal(tmp_path, origin)
    assert server.asked == []

    monkeypatch.setattr(shutil, "disk_usage", lambda _: free._replace(free=100_000))
    assert imdb.fetch(tmp_path, origin).read_bytes() == CONTENT


def test_a_disk_that_fills_up_meanwhile_is_told(origin, tmp_path, monkeypatch):
    """The system's own error on the way, and the download goes on when there is room again."""

    def full(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(download.os, "fsync", full)
        assert "The disk is full: make room and run this again; what came is kept" in refusal(tmp_path, origin)
    assert imdb.fetch(tmp_path, origin).read_bytes() == CONTENT


def test_a_folder_that_cannot_be_is_told(origin, tmp_path):
    """Where a file stands in the way of the folder."""
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(imdb.ImdbError, match="name another folder"):
        imdb.fetch(tmp_path / "file" / "datasets", origin)


def test_ctrl_c_keeps_what_came(origin, tmp_path, monkeypatch):
    """The interruption is not swallowed, and the next run goes on."""

    class Interrupted(download._progress):
        def __enter__(self):
            super().__enter__()

            def shown(count):
                if count > 100_000:
                    raise KeyboardInterrupt

            return shown

    with monkeypatch.context() as patch:
        patch.setattr(download, "_progress", Interrupted)
        with pytest.raises(KeyboardInterrupt):
            imdb.fetch(tmp_path, origin)
    came = (tmp_path / "reviews.tar.gz.part").read_bytes()
    assert came == CONTENT[: len(came)]
    assert len(came) > 100_000
    assert imdb.fetch(tmp_path, origin).read_bytes() == CONTENT


def test_load_downloads_into_the_cache_when_asked(server, tmp_path, monkeypatch):
    """`load(download=True)` fetches the archive that the cache lacks, and reads it."""
    from tests.datasets.imdb_small import REVIEWS, packed

    server.content = packed(tmp_path / "small", REVIEWS).read_bytes()
    url = f"http://127.0.0.1:{server.server_address[1]}/"
    small = Public("small.tar.gz", url, len(server.content), hashlib.sha1(server.content).hexdigest())
    monkeypatch.delenv("COURSE_KIT_IMDB", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setattr("course_kit.datasets.imdb.find.fetch", lambda: imdb.fetch(origin=small))

    assert "from small.tar.gz" in imdb.load(download=True, partial=True).source
    assert (tmp_path / "keras/datasets/small.tar.gz").exists()
