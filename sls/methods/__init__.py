"""Second-factor methods, one folder each, all with the same four verbs (``protocol.py``).

A method never sees a request, never sends by itself and never signs anybody in. A new method is a
folder here, a folder under templates/methods/, a line in ``registry.py``, and passes
tests/sls/methods/test_contract.py.
"""
