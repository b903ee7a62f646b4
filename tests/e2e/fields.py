#!/usr/bin/env python3
"""Edits the header of a mail on its way from stdin to stdout.

usage: fields.py EDIT...   "-Name" drops a field, "Name: value" replaces it"""
import re
import sys

mail = sys.stdin.buffer.read().decode("utf-8", "surrogateescape")
header, gap, text = mail.replace("\r\n", "\n").partition("\n\n")
header += "\n"
for edit in sys.argv[1:]:
    name = edit.lstrip("-").split(":")[0]
    field = re.compile("^" + re.escape(name) + r":.*\n(?:[ \t].*\n)*", re.I | re.M)
    new = "" if edit.startswith("-") else edit + "\n"
    header = field.sub(lambda _: new, header)
sys.stdout.buffer.write((header[:-1] + gap + text).encode("utf-8", "surrogateescape"))
