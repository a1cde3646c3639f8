"""One row per session of a browser or an API client, and the browsers a user has come with.

The row decides, not the cache: a closed, idle or expired row ends the session at the next request
whatever the cache holds. The row's key is the SHA-256 of the session key, so the table opens
nothing. Idle and absolute limits by kind of session (CONTRACT 6); polling does not count as use.
The row also says what the session needs no further proof for, and from which day on it leads only
to enrolment: rooms above decide both.
Records sign_in.out and session.ended.
"""
