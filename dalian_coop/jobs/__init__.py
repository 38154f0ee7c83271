"""Long work that a person can watch: every Celery run is a ``Job`` row."""
