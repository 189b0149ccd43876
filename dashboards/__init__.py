"""Grafana boards and Prometheus alerts, written in Python and committed as the files they make."""
