"""The command line: it knows the steps, the steps don't know it; the only room that prints."""
