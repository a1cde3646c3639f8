"""The providers behind the outbox's ports; called by its tasks and webhooks alone."""
