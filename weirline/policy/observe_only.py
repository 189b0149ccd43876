"""The policy that runs where none is given: count every kind of value, change nothing.

Shadow and fail open, so that a sidecar put beside an Envoy without a policy can do no harm.
"""

from __future__ import annotations

OBSERVE_ONLY = """\
apiVersion: weirline/v1
kind: Policy
metadata: {name: observe-only}
mode: shadow
defaults: {scanner_down: allow}
rules:
  - id: observe-everything
    find:
      category: [payment, identity, health, contact, network, secrets, server_internals]
    do: [observe]
"""
