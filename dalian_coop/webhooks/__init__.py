"""Announcing changes to the systems of other bureaus: thin signed events that tell them to read the feed."""
