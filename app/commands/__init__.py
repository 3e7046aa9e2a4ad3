"""One module a verb of the command line: ``add`` declares it, ``run`` does it and returns the exit status."""
