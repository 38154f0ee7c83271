"""Full copies of our data for other bureaus: streamed at once, or made by a worker as one file with its sums."""
