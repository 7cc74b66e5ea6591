"""What says that something is wrong: prose, tables, who rests on what, what has changed."""
