"""Online Security Code Card: a sheet of 224 numbered values that bridges a time without a device.

Whom a temporary passcode let in, or who waits for a card by mail, makes one in the portal, prints
it, and activates it by typing the values of two index numbers (KB1873). It is shown in the one
answer that makes it. It lives 21 days from its activation. Each challenge asks for two index
numbers, the same for as long as it is open, and never for the same pair again while the card lives;
ten wrong answers in a row disable it. A new card ends the one before.

What is stored is a seed, sealed; the values follow from it. Records online_card.over, and what
every method records.
"""
