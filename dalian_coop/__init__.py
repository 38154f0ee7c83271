"""Ground floor: the portal itself. It knows no domain word."""

from dalian_coop.celery import app as celery_app

__all__ = ["celery_app"]
