"""Task books: who does what until when, with which deliverable."""
