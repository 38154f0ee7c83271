"""Industries and the fields of cooperation (one axis, six supports)."""
