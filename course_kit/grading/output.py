"""What a worker printed: all of it drained, the first and the last part kept."""

from collections import deque


class Output:
    """Takes bytes, keeps ``limit`` of them: half from the start and half from the end."""

    def __init__(self, limit: int):
        self.half = limit // 2
        self.clear()

    def clear(self) -> None:
        self.head, self.tail, self.tail_size, self.left_out = bytearray(), deque(), 0, 0

    def add(self, data: bytes) -> None:
        room = self.half - len(self.head)
        self.head += data[:room]
        if rest := data[room:]:
            self.tail.append(rest)
            self.tail_size += len(rest)
        while self.tail_size > self.half:
            first = self.tail.popleft()
            cut = min(len(first), self.tail_size - self.half)
            self.tail_size -= cut
            self.left_out += cut
            if first[cut:]:
                self.tail.appendleft(first[cut:])

    def text(self) -> str:
        head, tail = bytes(self.head), b"".join(self.tail)
        if not self.left_out:
            return (head + tail).decode("utf-8", "replace")
        gap = f"\n[{self.left_out} bytes left out]\n"
        return head.decode("utf-8", "replace") + gap + tail.decode("utf-8", "replace")
