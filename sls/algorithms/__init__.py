"""Standards as pure functions, with the standards' own vectors beside them in the tests."""
