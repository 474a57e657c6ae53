"""A robot that commits, editors who decide in between, and a ledger that forgets nothing.

`python -m tests.replay` plays it long: an invented robot over several hundred commits, and a real
history read from a bundle or a repository. `tests/test_replay.py` plays it short.
"""
