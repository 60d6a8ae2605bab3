"""How much is found, and how much of it is right: `python -m benchmarks.accuracy SUBJECT DATA`.

A subject is one module here, named in `__main__.SUBJECTS`, with two functions: `add_arguments(parser)`, and
`measure(arguments)`, which yields tables. They are printed, and written to `benchmarks/results/SUBJECT.md`.
"""
