"""The desk: what staff see and do in a browser.

doors.py       which page is open to whom; nothing is served that stands not in a list of doors
guard.py       who comes in: the session, the role, the form's token, the journal, the headers
visit.py       one request of somebody who was let in
pages.py       a page in her language
credentials    are in bot/credentials.py; the sessions in storage/sessions.py
signing_in.py  password, code, recovery codes, signing out
the rest       a file a page, named as in the menu
"""
