"""The tests; a package so that its few shared modules are found before anyone else's of the same name."""
