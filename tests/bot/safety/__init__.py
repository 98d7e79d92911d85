"""The promises of safety, one file each: what earns it, and a broken twin that the same count must catch."""
