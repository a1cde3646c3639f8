"""Second-factor methods, one folder each, all with the same verbs (``protocol.py``).

A method never sees a request, never sends by itself and never signs anybody in. A new method is a
folder here, a folder under templates/methods/, a line in ``registry.py``, and passes
tests/sls/methods/test_contract.py. Beside the folders lies what methods share: ``device.py`` judges
and counts answers, ``recognise.py`` explains one that was typed in the wrong place. Records
device.enrolled, device.revoked and device.disabled.
"""
