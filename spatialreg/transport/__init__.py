"""Transport: networks of several modes and dates, and the routes through them."""
