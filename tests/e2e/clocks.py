#!/usr/bin/python3
"""The outgoing mails of a desk as people read them, for a golden file.

usage: clocks.py DATABASE [FIRST]

Prints each mail from outbox row FIRST on: when, to whom, purpose, subject and
text; what is different on each run (tokens, signed names) is masked.
"""
import datetime
import email
import email.policy
import re
import sqlite3
import sys

rows = sqlite3.connect("file:%s?mode=ro" % sys.argv[1], uri=True).execute(
    "SELECT id, created_at, recipient, purpose, body FROM outbox"
    " WHERE id >= ? ORDER BY id",
    (int(sys.argv[2]) if len(sys.argv) > 2 else 1,))
for number, at, to, purpose, body in rows:
    mail = email.message_from_bytes(body, policy=email.policy.default)
    text = mail.get_body(("plain",)).get_content()
    text = re.sub(r"\[p\.[0-9a-z.]+\]", "[p...]", text)
    when = datetime.datetime.fromtimestamp(at, datetime.timezone.utc)
    print("==== %s to %s: %s" % (when.strftime("%Y-%m-%dT%H:%MZ"), to, purpose))
    print("Subject: %s\n" % mail["Subject"])
    print(text.replace("\r\n", "\n").rstrip() + "\n")
