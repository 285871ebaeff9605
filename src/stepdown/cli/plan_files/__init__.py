"""Reading and writing the files of `stepdown plan`."""
