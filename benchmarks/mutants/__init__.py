"""Mutation runs: small wrong changes, one at a time, and whether the tests see them.

`points` finds what can be changed, `shadow` holds the copy that is changed, `tracing` learns which tests reach what,
`trial` runs them, `__main__` draws the sample and counts.
"""
