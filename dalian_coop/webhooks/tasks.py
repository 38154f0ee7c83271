"""The clock of webhooks. A receiver that hangs holds up one task of its own, not the others."""

from celery import shared_task

from dalian_coop.webhooks import services


@shared_task(name="webhooks.announce", ignore_result=True)
def announce() -> None:
    """Every two seconds: what has changed, and whom to tell."""
    services.announce()
    for endpoint_id in services.endpoints_to_serve():
        serve.apply_async([str(endpoint_id)], expires=60)


@shared_task(name="webhooks.serve", ignore_result=True)
def serve(endpoint_id: str) -> None:
    services.serve(endpoint_id)


@shared_task(name="webhooks.purge", ignore_result=True)
def purge() -> None:
    services.purge()
