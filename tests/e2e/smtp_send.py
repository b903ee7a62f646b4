#!/usr/bin/env python3
"""Hands one mail, on stdin, to an SMTP server on loopback.

usage: smtp_send.py PORT SENDER RECIPIENT...   (SENDER may be empty)
Line ends become CR LF; nothing else is touched."""
import smtplib
import sys

port, sender, *recipients = sys.argv[1:]
octets = sys.stdin.buffer.read().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
with smtplib.SMTP("127.0.0.1", int(port), "client.example.test", timeout=30) as server:
    refused = server.sendmail(sender, recipients, octets)
sys.exit(1 if refused else 0)
