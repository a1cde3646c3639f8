"""The telephone numbers at which clients reach us: one record, and nobody types a number elsewhere.

Pages, mails, calls and the recovery kit read ``record.current``. Until somebody of staff has
written the record, it says what the environment says (``SUPPORT_TELEPHONE``). Promises: a change
is in force in the process that makes it at once, and everywhere within a minute; no page waits for
it, and none fails for a database that does not answer. Records support.numbers_changed.
"""
