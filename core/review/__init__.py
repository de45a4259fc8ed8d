"""Review: what a course and its notes say about how good it is, in measures and in findings with a line."""
