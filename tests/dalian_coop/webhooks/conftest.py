import pytest

from tests.dalian_coop.webhooks.receiver import Receiver


@pytest.fixture
def receiver(settings):
    """A receiver to which webhooks may go."""
    found = Receiver()
    settings.WEBHOOK_ALLOWED = [f"127.0.0.1:{found.port}"]
    yield found
    found.close()
