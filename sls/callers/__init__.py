"""Somebody on the telephone proves to our staff that they are the client.

Staff choose one of the client's own ways: a request on the phone with IB Key, a challenge to it or
to a security card, a code of an authenticator app, or a code sent to a verified number. Promises: a
challenge belongs to one conversation (``accounts/callers``) and to nothing else, so what is read
out to staff opens no sign-in and confirms no change; nobody of staff sees a code before it is read
out; the text message says what it is for. Challenges that are read out are drawn here and begin
with 9, as no others do: a client can hear that another one would sign somebody in. What no server
prevents is a client who reads the response to that one to a swindler who knows the password; every
page with a challenge says not to. A code of an authenticator app belongs to no challenge by itself,
so while one is asked for the app signs in nowhere. Wrong answers are counted as everywhere. What
came of it stands on the conversation and in the client's record.
"""
