"""The story file: one story, one file of YAML front matter, read and edited without losing a byte.

Plain Python without Django. `document` keeps the text, `record` knows the keys, `reader` is the
fast way in, `edits` the way out.
"""
