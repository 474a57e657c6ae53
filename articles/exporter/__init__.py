"""What the desk changed, written back into the content repository: these lines and no others."""

from articles.exporter.diffs import Line, diff_of, marked_lines, pending_diff, whole_file
from articles.exporter.rendering import NotWritable, Rendering, pending_bytes, render_one
from articles.exporter.report import (
    ExportReport,
    Problem,
)
from articles.exporter.run import WrongFolderError, export_stories
from articles.exporter.target import UnknownSiteError, site_for

__all__ = [
    "ExportReport",
    "Line",
    "NotWritable",
    "Problem",
    "Rendering",
    "UnknownSiteError",
    "WrongFolderError",
    "diff_of",
    "export_stories",
    "marked_lines",
    "pending_bytes",
    "pending_diff",
    "render_one",
    "site_for",
    "whole_file",
]
