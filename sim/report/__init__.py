"""What people read of a study: tables in words and plain numbers."""
