"""The demo page, /try: two sample phones on which anybody can write to Sathi as a survivor would.

routes.py   what the page asks for, and how it is answered
wire.py     one message as the page reads it
pages/      the page
static/     its script, style and mark
"""
