"""Files in and out: workbooks and CSV are read with suspicion and written so that they open as what they are."""
