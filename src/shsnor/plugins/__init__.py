"""Built-in functions, one family a file, through the same hooks as anybody's."""
