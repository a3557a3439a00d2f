"""What this machine can shut a student's code in with, in words for reports and for ``course-kit doctor``."""

from dataclasses import dataclass

from .server import ServerError, WorkerRefused, WorkerServer


@dataclass(frozen=True)
class Isolation:
    """What can be had.

    Args:
        level: "namespaces" or "none".
        words: what a report says: "namespaces, own uid, network off, ..." or "none: unsafe".
        reason: why there is no more, or "".
        advice: what to do about it, or "".
    """

    level: str
    words: str
    reason: str = ""
    advice: str = ""


ADVICE = (
    "course-kit doctor says what is missing. Grade as root, or on a machine where an ordinary user may make user "
    "namespaces (sysctl user.max_user_namespaces, kernel.apparmor_restrict_unprivileged_userns=0), or in a container "
    "as docs/container.md has it. With --sandbox none students' code runs as you, with your files and your network."
)


def available() -> Isolation:
    """Find out by doing it: start a worker without TensorFlow (0.2 s) and see whether it can shut itself in."""
    try:
        with WorkerServer(preload=()) as server:
            return Isolation("namespaces", server.spawn().isolation)
    except (WorkerRefused, ServerError) as error:
        return Isolation("none", "none: unsafe", str(error), ADVICE)


def describe(sandbox: str, isolation: str) -> str:
    """The line at the top of a report: what was asked for, and what the workers say they had."""
    if sandbox == "none":
        return "Isolation: none: unsafe. Students' code ran with the rights of whoever graded, as asked for."
    return f"Isolation: {isolation}."
