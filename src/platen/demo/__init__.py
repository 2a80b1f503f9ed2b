"""What `platen demo` and the tests print to and with."""
