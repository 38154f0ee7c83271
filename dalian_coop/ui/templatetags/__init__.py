"""Template tags of the portal: ``{% load ui %}``."""
