"""The HTTP interface for agency systems: what it takes in, what it refuses and how it says so."""
