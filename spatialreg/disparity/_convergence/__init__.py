"""Whether poorer regions catch up: sigma, beta, and clubs."""
