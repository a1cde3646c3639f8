"""Time of the emulator: jobs that happen later, and hands that do slow work.

All threads are daemons: the process may end at any moment, its state is in memory anyway.
"""

import heapq
import itertools
import logging
import queue
import threading
import time
from collections.abc import Callable

logger = logging.getLogger(__name__)

HANDS = 16
Job = Callable[[], object]


class Clock:
    """``later`` runs quick jobs on one thread, in order of their time; ``soon`` runs slow ones."""

    def __init__(self, speed: float = 1) -> None:
        self.speed = speed
        self._due: list[tuple[float, int, Job]] = []
        self._count = itertools.count()
        self._woken = threading.Condition()
        self._work: queue.SimpleQueue[Job] = queue.SimpleQueue()
        self._started = False

    def seconds(self, seconds: float) -> float:
        """How long ``seconds`` of the emulated world take here."""
        return seconds / self.speed

    def later(self, seconds: float, job: Job) -> None:
        """Runs ``job`` after ``seconds`` of the emulated world; it must not wait for anything."""
        self._start()
        with self._woken:
            when = time.monotonic() + self.seconds(seconds)
            heapq.heappush(self._due, (when, next(self._count), job))
            self._woken.notify()

    def soon(self, job: Job) -> None:
        """Runs ``job`` on a thread that may wait for the network."""
        self._start()
        self._work.put(job)

    def _start(self) -> None:
        with self._woken:
            if self._started:
                return
            self._started = True
        threading.Thread(target=self._tick, name="clock", daemon=True).start()
        for number in range(HANDS):
            threading.Thread(target=self._labour, name=f"hand-{number}", daemon=True).start()

    def _tick(self) -> None:
        while True:
            with self._woken:
                while not self._due or self._due[0][0] > time.monotonic():
                    wait = self._due[0][0] - time.monotonic() if self._due else None
                    self._woken.wait(wait)
                job = heapq.heappop(self._due)[2]
            _run(job)

    def _labour(self) -> None:
        while True:
            _run(self._work.get())


def _run(job: Job) -> None:
    try:
        job()
    except Exception:
        # One broken job must not stop the time of all others.
        logger.exception("a job of the clock failed")


clock = Clock()
