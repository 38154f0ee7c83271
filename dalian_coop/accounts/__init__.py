"""Who works here: bureaus, people, the roles they hold, and the systems of other bureaus."""
