"""Envoy's ext_proc messages as classes; see messages.py."""
