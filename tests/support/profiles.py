"""Numbers of hypothesis examples: few in every run, many with ``HYPOTHESIS_PROFILE=nightly``."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

_EXAMPLES = {"ci": (100, 25), "nightly": (500, 500)}
"""Examples of a property, and of one that builds several knowledge bases an example."""
_usual, _costly = _EXAMPLES[os.environ.get("HYPOTHESIS_PROFILE", "ci")]
if os.environ.get("HYPOTHESIS_EXAMPLES"):
    _usual = _costly = int(os.environ["HYPOTHESIS_EXAMPLES"])

# Machines differ in speed, so there is no deadline.
USUAL = settings(deadline=None, max_examples=_usual, suppress_health_check=[HealthCheck.too_slow])
costly = settings(USUAL, max_examples=_costly)
"""A decorator for properties that compare many builds."""
