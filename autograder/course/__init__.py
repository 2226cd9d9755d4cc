"""A course on disk: its settings, sources, assignments, quizzes and lectures."""
