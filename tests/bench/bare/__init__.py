"""The measure: a new Django project with an empty view, and with Django's own sign-in."""
