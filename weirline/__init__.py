"""Weirline: finds sensitive data in live traffic and stops it from leaking."""

__version__ = "0.1.0"
