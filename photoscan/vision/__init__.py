"""Adapters around models: pixels in, plain results out. Nothing here knows what a finding is."""
