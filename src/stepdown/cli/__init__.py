"""The ``stepdown`` command. Each command is a module, imported only when it is asked for."""
