"""Settings, logging and the web server's options: read at the edges, handed inwards as values."""
