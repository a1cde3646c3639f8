"""From an opened account to the first sign-in: activation, password, mobile number, SMS.

Enrolment is mandatory and free of charge; until it is done nothing else can be reached.
Records account.* events, and those of the first contact.
"""
