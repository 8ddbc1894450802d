"""Tables, queries and the append: the only layer that speaks SQL."""
