"""The library: everything in `content/`, loaded once, checked, versioned and served read-only."""
