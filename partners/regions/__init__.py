"""Regions: Dalian itself, partner cities, benchmark cities, prefectures, provinces, countries."""
