"""Entitlements: the facts, and the search over them.

facts.py     one TOML file a topic, read into typed facts
search.py    from a message to the facts that answer it
extract.py   their sentences, for the catalogues
"""
