"""Markdown, TeX, code, verdicts and notebook cells as harmless HTML."""
