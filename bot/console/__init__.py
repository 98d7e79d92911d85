"""The commands of `sathi`, one module a command or a few that belong together; each has `add_to(app)`."""
