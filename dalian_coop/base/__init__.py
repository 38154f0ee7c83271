"""What every room stands on: keys, versions, names, errors, tracking. Imports nothing of ours."""
