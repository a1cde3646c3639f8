"""Settings > Security > Secure Login System: what a client does with a security card.

It is requested (a draft, then an order that a proven request confirms), activated by the generic
enrolment, given another PIN, reported as lost and found again, sent back, and shared with another
user name of the same person. ``sls.methods.dsc_plus`` keeps the mechanics: what a card answers, how
it is counted and shipped. Whatever raises safety is immediate; what lowers it needs a proof.

USD 20 are held while the card is out. They are charged only when it is lost, stolen, damaged or not
returned, never for an empty battery. Records card.* events.
"""
