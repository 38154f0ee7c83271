"""``make bench``: the portal against a floor (bare WSGI and SQL) on the same machine, in the same run."""
