"""Markdown, TeX, code and notebooks as harmless HTML."""
