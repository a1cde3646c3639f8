"""One table of codes and challenges for everything that is proven by answering.

Sign-in, step-up, enrolment, contact verification and activation all open a row here. A challenge
has one absolute end, a bounded number of tries, and belongs to one purpose and one binding (an
attempt, an action digest, a contact); a code of another challenge never opens it. A resend repeats
the code and moves nothing. A right answer uses it up by one conditional UPDATE, so of fifty
simultaneous right answers one succeeds. Failures are counted in a transaction of their own, which
nothing can roll back (CVE-2026-35597). Codes are sealed and erased when used or expired.
"""
