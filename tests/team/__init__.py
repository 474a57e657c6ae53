"""A team's installation, from an empty folder to numbers: `python -m tests.team`."""
