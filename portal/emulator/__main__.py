"""``python -m portal.emulator``: REST, telephones and mailboxes on one port, SMTP on another."""

import os
import signal
from types import FrameType

from portal.emulator import config

PLACE = config.read()

# After the place is checked.
from portal.emulator.application import application, start  # noqa: E402
from portal.emulator.server import Handler, Server  # noqa: E402


def main() -> None:
    """Serves until SIGTERM or SIGINT; a taken port is one clear line and exit 1."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    try:
        server = Server((PLACE.host, PLACE.port), Handler, ipv6=":" in PLACE.host)
    except OSError as error:
        raise SystemExit(f"EMULATOR_PORT {PLACE.port}: {error.strerror}.") from None
    start()
    server.set_app(application)
    server.serve_forever()


def _leave(number: int, frame: FrameType | None) -> None:
    # Nothing is kept, so nothing has to be put away; calls and callbacks under way just stop.
    os._exit(0)


if __name__ == "__main__":
    main()
