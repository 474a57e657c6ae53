"""The pictures of the manual, made from the demo newsroom: `python -m tests.pictures`."""
