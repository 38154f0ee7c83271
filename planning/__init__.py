"""Second floor: what we intend, how far we are, where we are weak."""
