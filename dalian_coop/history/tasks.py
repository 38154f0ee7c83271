"""Timer of the change log."""

from celery import shared_task

from dalian_coop.history import services


@shared_task(name="history.stamp")
def stamp() -> None:
    services.stamp()
