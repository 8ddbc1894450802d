"""The bodies that the interface takes: one marshmallow schema each, from which their documentation is made too."""
