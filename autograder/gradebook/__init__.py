"""The gradebook, in nbgrader's formats; the only room that imports nbgrader."""
