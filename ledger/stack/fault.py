"""The one error of the stack: something that whoever started it can read and put right."""


class StackError(Exception):
    """The stack cannot go on; the text says what is wrong and what to do about it."""
