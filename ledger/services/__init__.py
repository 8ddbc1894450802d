"""One module a use case; each function is one act, in transactions that its caller can see."""
