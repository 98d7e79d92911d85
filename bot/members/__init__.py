"""The members' side of the live talk.

choosing.py  who may be asked, and in which order (pure)
marks.py     the signed marks that bind a button or an answer to one talk in one pair of hands
masking.py   numbers and names that must not cross (pure)
words.py     what a member reads from Sathi, and the canned replies
letters.py   a letter to a member, put in the outbox
rings.py     asking one ring of members after another
bringing.py  a step that Sathi itself brings her to, within a quarter of an hour of her last message
hers.py      what her turn asks of the talk
giving.py    a member's words on their way to her: at once, or when it is safe, or never
acts.py      what a member can do with a talk
passing.py   passing it on, to anybody or to a collective
closing.py   the end of a talk, and what is asked of her days later
topics.py    the members' group, one topic a talk

`bot/relay.py` is where a member's message begins.
"""
