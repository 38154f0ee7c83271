"""REST plumbing shared by all rooms: paging, errors, ETags, parsing, limits, OpenAPI. Knows no room's model."""
