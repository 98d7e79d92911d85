"""Benchmarks: what a turn, a question and a start cost, each beside something it can be compared with.

talks.py    who writes what
turns.py    durable turns beside the same statements by the bare driver
words.py    hearing and asking
growth.py   how costs grow with what is kept
starting.py the web process: how long until it answers, and its memory
"""
