"""What happened with a user name, for its owner: to read, to take along, and to check.

The list is the audit chain in plain words, newest first, also what was refused and why (UX R40),
and the messages that were sent. The export is the same record as CSV or JSON; the JSON carries what
the digests are made of, so that anybody can compute the chain. "Verify my record" computes it in
the browser and names the first entry that does not follow from those before it.

Lists are paged by key. Records record.exported.
"""
