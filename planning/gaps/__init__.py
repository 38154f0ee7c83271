"""Gap analysis: where Dalian stands against benchmark regions, by how much, and what the gap is made of."""
