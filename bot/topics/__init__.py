"""Topics: is this text about the subject that channels follow, and why."""
