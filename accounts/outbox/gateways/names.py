"""Where a name leads, found within a bound of time, which a system's resolver does not have."""

import queue
import socket
import threading
import time

# Look-ups that are on the way. One that hangs holds its place for as long as the resolver takes,
# so that a dead name server costs threads that wait, and never more of them than this.
MOST = 16
_places = threading.BoundedSemaphore(MOST)


def addresses(host: str, port: int, *, until: float) -> list[str]:
    """Each address of ``host`` once, in the order of the resolver, looked up once.

    Raises ``TimeoutError`` when there is none by ``until`` (``time.monotonic``), or that many
    look-ups hang, and what the resolver raises: ``OSError``, ``UnicodeError``.
    """
    if not _places.acquire(timeout=_left(until)):
        raise TimeoutError
    found: queue.SimpleQueue[list[tuple] | Exception] = queue.SimpleQueue()
    # A daemon: nobody waits for it at the end of the process.
    threading.Thread(target=_look_up, args=(host, port, found), daemon=True).start()
    try:
        said = found.get(timeout=_left(until))
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(said, Exception):
        raise said
    return list(dict.fromkeys(one[4][0] for one in said))


def _look_up(host: str, port: int, found: queue.SimpleQueue) -> None:
    try:
        found.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
    except Exception as error:  # noqa: BLE001 - it is raised where somebody waits for it
        found.put(error)
    finally:
        _places.release()


def _left(until: float) -> float:
    return max(0.0, until - time.monotonic())
