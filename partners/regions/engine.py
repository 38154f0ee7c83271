"""Distances on the sphere. Pure: no Django, no database."""

from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS_KM = 6371.0


def great_circle_km(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    """Great-circle distance in kilometres by the haversine formula (degrees in, radius 6371 km)."""
    phi_a, phi_b = radians(lat_a), radians(lat_b)
    half_lat, half_lon = (phi_b - phi_a) / 2, radians(lon_b - lon_a) / 2
    h = sin(half_lat) ** 2 + cos(phi_a) * cos(phi_b) * sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(min(1.0, h)))
