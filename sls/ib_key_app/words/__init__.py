"""The words of the app by key; ``static/ibkey/words.js`` asks for them. A part of a text in braces
is filled in on the phone."""
