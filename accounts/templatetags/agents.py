"""What a browser says of itself, for people."""

from django import template

from accounts.agents import in_words

register = template.Library()
register.filter("in_words", in_words)
