"""The graders' own promises, held against a bank of right and wrong implementations."""
