"""What one of staff asks for and another person decides: the four eyes.

Promises: whoever asked never decides, whatever role or other user name they have by then; a request
is decided once, also when two decide at the same moment; it ends by itself after
``APPROVAL_MINUTES``; the owner of the account may be the second person. It knows an act as text:
what is done stands in the room that asks, in the transaction of the decision. Records approval.*
in the trail of the client it is about. (SECURITY A14; PCI DSS 4 calls it dual control.)
"""
