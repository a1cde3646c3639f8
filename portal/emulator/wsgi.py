"""The application, with its mail server.

``python -m portal.emulator`` is the way to run it. Another WSGI server may load ``application``,
with one worker (the state is in memory) on a loopback address:
``granian --interface wsgi --workers 1 --blocking-threads 32 --host 127.0.0.1 --port 8010
portal.emulator.wsgi:application``.
"""

from portal.emulator.application import application, start

__all__ = ["application"]

start()
