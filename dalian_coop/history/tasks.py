"""Timers of the change log."""

from celery import shared_task

from dalian_coop.history import selectors, services


@shared_task(name="history.stamp", ignore_result=True)
def stamp() -> None:
    while services.stamp() == services.BATCH:
        pass
    selectors.warn_of_lag()


@shared_task(name="history.purge", ignore_result=True)
def purge() -> None:
    services.purge()
