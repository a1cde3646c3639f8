"""Security codes by text message, and the same code by voice call.

Free of charge and enrolled with the first verified mobile number. The weakest of the methods
(NIST SP 800-63B-4 calls the telephone network restricted), and says so at enrolment. An
authenticator here is bound to one number; the number cannot be removed while it is.
"""
