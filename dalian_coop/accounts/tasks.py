"""Housekeeping of accounts."""

from celery import shared_task

from dalian_coop.accounts import services
from dalian_coop.rest import idempotency


@shared_task(name="accounts.purge", ignore_result=True)
def purge() -> None:
    """Old entries of the account of pulls, and answers kept for repeated requests."""
    services.purge_pulls()
    idempotency.purge()
