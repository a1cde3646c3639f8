"""Travel notices: while one is in force, signing in from elsewhere takes more, and never less."""
