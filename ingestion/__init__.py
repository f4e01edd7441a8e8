"""Files in, landed observations and releases out: the path of a datum up to the published release."""
