"""Measurements as ratios: both sides in one run, on the machine at hand. See docs/benchmarks.md."""
