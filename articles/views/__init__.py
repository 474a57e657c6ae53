"""The doors of the desk: typed functions that check, fetch, call and answer."""
