"""Something suspicious: reported by a client or by anybody, looked at by staff, with a reference.

Promises: a case is seen by its owner and by staff; to everybody else it is as unknown as one that
never was. What is written in it is plain text, of bounded length, without the numbers of cards and
social security numbers (``rules.clean``), and leaves by no mail: the alert of an answer says only
that there is one. A freeze opens its own case, under the reference of the freeze; on the way back
after it that case alone opens. Whoever reports without signing in gets a reference and what to do,
and no page of the case. Staff take a case over, write notes for each other, close it with an
outcome and keep what was learnt of it; the owner reads none of that but the reason. Records case.*.
"""
