"""What Envoy plays in each conformance row, grouped by what the row is about."""
