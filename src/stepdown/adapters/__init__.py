"""Doors to the outside: files, formats and pictures. Each stands on the kernel alone."""
