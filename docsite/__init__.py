"""Pages of the documentation site that are generated: kinds, the command line, the Python interface.

`python -m docsite` writes them below `docs/`; `make site` does so and renders all pages to `build/site`.
"""
