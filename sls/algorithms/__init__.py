"""Pure functions: standards, with the standards' own vectors beside them in the tests, and how
unusual a sign-in is (``risk``)."""
