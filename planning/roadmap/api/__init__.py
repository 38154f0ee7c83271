"""REST of the road map."""
