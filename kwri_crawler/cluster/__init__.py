"""Other machines: one archive with its one writer, the head, and crawls on the workers of a Dask cluster.

An optional extra: nobody outside of this room imports it, but a command that was asked for `--cluster`. Dask gives out
portals and nothing else: what a crawl holds and what it did is kept by the head, in the archive, as on one machine.
"""
