"""Upload and review in the browser, for one user on his own machine."""
