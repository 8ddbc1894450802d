"""Pure Python: no input or output, no clock, no chance; everything is passed in."""
