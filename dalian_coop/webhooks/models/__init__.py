"""Receivers, their secrets, and what is sent to them."""

from dalian_coop.webhooks.models.delivery import Delivery
from dalian_coop.webhooks.models.endpoint import Endpoint, EndpointState, Secret

__all__ = ["Delivery", "Endpoint", "EndpointState", "Secret"]
