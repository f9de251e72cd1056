"""Write a site incrementally: cached builds, layouts, worker processes and atomic publishing."""
