"""The app: stories, coverage and the desk."""
