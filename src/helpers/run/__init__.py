"""Which notebooks are stale, running them, and the students' copies."""
