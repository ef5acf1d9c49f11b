"""What `up` and `test` need on a bare machine; never imported in production."""
