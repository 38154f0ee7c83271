"""Limits per actor: a token bucket in Valkey, and one in this process when Valkey is gone (never "unlimited")."""

import logging
import threading
import time
from functools import cache

import redis
from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import Throttled
from rest_framework.throttling import BaseThrottle

log = logging.getLogger("dalian_coop.rest")

# Takes ARGV[3] tokens from the bucket KEYS[1] that fills with ARGV[1] tokens a second up to ARGV[2], if it holds one at
# least: what costs more than is left is a debt that has to fill up first.
_SCRIPT = """
local t = redis.call('TIME')
local now = tonumber(t[1]) + tonumber(t[2]) / 1000000
local rate, burst, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local old = redis.call('HMGET', KEYS[1], 'at', 'left')
local left = burst
if old[1] then left = math.min(burst, tonumber(old[2]) + math.max(0, now - tonumber(old[1])) * rate) end
local taken = 0
if left >= 1 then left = left - cost; taken = 1 end
redis.call('HSET', KEYS[1], 'at', string.format('%.6f', now), 'left', string.format('%.6f', left))
redis.call('PEXPIRE', KEYS[1], math.ceil((burst - math.min(0, left)) / rate * 1000) + 1000)
return {taken, string.format('%.6f', left)}
"""
_RETRY_SECONDS = 5.0
_shared_from = 0.0  # monotonic time before which Valkey is not asked again
_local: dict[str, tuple[float, float]] = {}
_lock = threading.Lock()


@cache
def _script():
    server = redis.Redis.from_url(
        settings.CACHES["default"]["LOCATION"], socket_timeout=0.3, socket_connect_timeout=0.3
    )
    return server.register_script(_SCRIPT)


def take(key: str, rate: float, burst: int, cost: int = 1) -> tuple[bool, float]:
    """(allowed, tokens left) after taking ``cost`` tokens of ``key``; less than none may be left."""
    global _shared_from
    if time.monotonic() >= _shared_from:
        try:
            taken, left = _script()(keys=[f"rate:{key}"], args=[rate, burst, cost])
            return bool(taken), float(left)
        except redis.RedisError:
            _shared_from = time.monotonic() + _RETRY_SECONDS
            log.warning("The cache does not answer; request limits are kept in this process for now")
    return _take_locally(key, rate, burst, cost, time.monotonic())


def _take_locally(key: str, rate: float, burst: int, cost: int, now: float) -> tuple[bool, float]:
    with _lock:
        if len(_local) > 10_000:
            _local.clear()
        at, left = _local.get(key, (now, float(burst)))
        left = min(burst, left + (now - at) * rate)
        allowed = left >= 1
        left -= cost if allowed else 0
        _local[key] = (now, left)
        return allowed, left


class ActorThrottle(BaseThrottle):
    """``settings.REST_RATES``: requests a second and burst, for ``client`` (a token) and ``user`` (a session)."""

    def allow_request(self, request, view) -> bool:
        kind = "client" if getattr(request.user, "scopes", None) is not None else "user"
        self.rate, self.burst = settings.REST_RATES[kind]
        allowed, left = take(f"{kind}:{request.user.pk}", self.rate, self.burst)
        self.seconds = 0.0 if allowed else (1 - left) / self.rate
        # Names and form of the IETF draft "RateLimit header fields for HTTP" (still a draft).
        request._request.rate_headers = {
            "RateLimit-Policy": f'"{kind}";q={self.burst};w={max(1, round(self.burst / self.rate))}',
            "RateLimit": f'"{kind}";r={int(left)};t={max(0, round((self.burst - left) / self.rate))}',
        }
        return allowed

    def wait(self) -> float:
        return self.seconds


def take_rows(request, count: int) -> None:
    """Count the rows of a list against ``settings.REST_ROWS_A_MINUTE``. Raises ``Throttled`` when they are used up.

    Lists are for looking; who wants everything takes an export.
    """
    most = settings.REST_ROWS_A_MINUTE
    rate = most / 60
    allowed, left = take(f"rows:{request.user.pk}", rate, most, count)
    headers = getattr(request._request, "rate_headers", {})
    if headers:
        headers["RateLimit-Policy"] += f', "rows";q={most};w=60'
        headers["RateLimit"] += f', "rows";r={max(0, int(left))};t={max(0, round((most - left) / rate))}'
    if not allowed:
        raise Throttled((1 - left) / rate, _("Too many rows in lists this minute. For all rows ask for an export."))
