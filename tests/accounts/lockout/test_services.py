from datetime import timedelta

from accounts.lockout import services
from accounts.lockout.models import PasswordFailures


def test_forgets_counts_once_their_window_is_over(db, clock, settings):
    old, recent = services.key_of("nobody"), services.key_of("somebody")
    services.failed(old)
    clock.shift(timedelta(hours=settings.PASSWORD_LOCK_HOURS, seconds=1))
    services.failed(recent)
    assert services.purge() == 1
    assert [row.pk for row in PasswordFailures.objects.all()] == [recent]
