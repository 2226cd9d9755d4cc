"""The instructor's side of the course: build, verify, grade, hand back."""

import sys

# Importing nbformat imports jsonschema, which tries this module; that compiles the grammars of RFC 3987 and takes a
# second or two of every command. Nothing here asks whether a text is an IRI; without it jsonschema just cannot tell.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
