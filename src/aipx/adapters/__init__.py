"""I/O behind the ports; library errors end here, translated to the tree of `errors`."""
