"""The summary by mail: what happened since the last one, what is held, and the head of the record.

The head of the audit chain leaves the house with it, so that entries which somebody took off the
end of a record are missed (FIRSTS 13). Daily, weekly or never, as its owner chooses
(``accounts/alerts/choices.py``). Reads in batches by key, a fixed number of statements each, and
tells nobody twice a day however often it runs.
"""
