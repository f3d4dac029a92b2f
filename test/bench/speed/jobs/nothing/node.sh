: # A login and nothing else.
