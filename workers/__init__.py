"""What runs behind the web: Celery's worker and beat, and the poll thread that needs neither."""
