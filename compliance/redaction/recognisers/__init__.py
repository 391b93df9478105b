"""One module a kind of private detail."""
