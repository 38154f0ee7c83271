"""REST plumbing shared by all rooms: paging, errors, ETags, parsing, OpenAPI. Knows no model."""
