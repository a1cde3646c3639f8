"""Twilio as far as sending goes, as lean as can be: notes when a message reached its socket.

``python -m tests.bench.provider PORT``. Every order is accepted after the delay that was set;
times are of the monotonic clock, which all processes of a machine share.
"""

import asyncio
import json
import sys
import time
from urllib.parse import parse_qs


class Provider:
    """Answers orders, questions what became of one, ``POST /delay/<ms>`` and ``GET /arrivals``."""

    def __init__(self) -> None:
        self.delay = 0.0
        self.arrivals: list[tuple[str, float]] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, kept open until the other side closes it."""
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                at = time.monotonic()
                body = await reader.readexactly(_length(head))
                method, path, _rest = head.split(" ", 2)
                status, answer = await self._answer(method, path, body, at)
                writer.write(
                    f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\n"
                    f"Content-Length: {len(answer)}\r\n\r\n".encode()
                    + answer
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def _answer(self, method: str, path: str, body: bytes, at: float) -> tuple[str, bytes]:
        if path.startswith("/delay/"):
            self.delay = int(path.rsplit("/", 1)[1]) / 1000
            return "204 No Content", b""
        if path == "/arrivals":
            seen, self.arrivals = self.arrivals, []
            return "200 OK", json.dumps(seen).encode()
        kind = "SM" if "Messages" in path else "CA"
        if method == "GET":
            return "200 OK", json.dumps(_became(kind, path)).encode()
        order = parse_qs(body.decode())
        self.arrivals.append((order["To"][0], at))
        if self.delay:
            await asyncio.sleep(self.delay)
        made = {"sid": f"{kind}{time.time_ns():032x}", "status": "queued", "to": order["To"][0]}
        return "201 Created", json.dumps(made).encode()


def _became(kind: str, path: str) -> dict[str, object]:
    """Whatever was taken arrived; an order that got no answer is not known."""
    name = path.partition("?")[0].rpartition("/")[2].removesuffix(".json")
    if name.startswith(kind):
        return {"sid": name, "status": "delivered" if kind == "SM" else "completed"}
    return {"messages" if kind == "SM" else "calls": []}


def _length(head: str) -> int:
    for line in head.splitlines():
        name, _, value = line.partition(":")
        if name.lower() == "content-length":
            return int(value)
    return 0


async def _main(port: int) -> None:
    server = await asyncio.start_server(Provider().serve, "127.0.0.1", port, backlog=256)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1])))
