#!/usr/bin/env python3
"""A mail server that does what a script says, for tests of the sender.

usage: smtp_peer.py [options] DIR [RULE...]

It listens on a free port of 127.0.0.1 and writes its number to DIR/port.  A
rule is PHASE[@N]=ACTION[|ACTION...]: what is done when the client comes to
that phase, the N-th time in all connections (without @N: every time that has
no rule of its own).  Phases: connect ehlo helo starttls auth mail rcpt data
dot rset quit.  Without a rule the peer says what a good server would.

Actions:
  CODE TEXT        a reply; ";" in TEXT begins the next line ("250-a;250 b")
  raw:OCTETS       these octets; escapes \\r \\n \\0 \\xNN
  dribble:OCTETS   the same, one octet every few milliseconds
  flood:N:OCTETS   the same N times
  sleep:SECONDS
  slow:N:SECONDS   from now on read N octets at a time, then sleep
  close            close the connection
  reset            close it with a TCP reset
  stall            say nothing until the client goes away

DIR/index has a line per mail whose end came: "N CONNECTION SENDER RECIPIENTS
MESSAGE-ID REPLY", tabs between; DIR/mail.N the octets without doubled dots;
DIR/wire both directions, "CONNECTION< line" being the client's.
"""

import argparse
import base64
import codecs
import os
import re
import socket
import ssl
import struct
import threading
import time

GOOD = {
    "connect": "220 peer.example ESMTP", "helo": "250 peer.example",
    "starttls": "220 2.0.0 go ahead", "auth": "235 2.7.0 welcome",
    "mail": "250 2.1.0 ok", "rcpt": "250 2.1.5 ok", "data": "354 go ahead",
    "dot": "250 2.0.0 taken", "rset": "250 2.0.0 ok", "quit": "221 2.0.0 bye",
}


class Gone(Exception):
    """The connection is over."""


def octets(text):
    return codecs.escape_decode(text.encode())[0]


class Peer:
    """What all connections share: rules, counters, files."""

    def __init__(self, options):
        self.options = options
        self.rules = dict(rule.split("=", 1) for rule in options.rules)
        self.counts = {}
        self.mails = 0
        self.lock = threading.Lock()

    def path(self, name):
        return os.path.join(self.options.dir, name)

    def actions(self, phase):
        with self.lock:
            self.counts[phase] = self.counts.get(phase, 0) + 1
            numbered = "%s@%d" % (phase, self.counts[phase])
        rule = self.rules.get(numbered, self.rules.get(phase))
        return None if rule is None else rule.split("|")

    def note(self, line):
        with self.lock, open(self.path("wire"), "a") as wire:
            wire.write(line + "\n")

    def keep(self, number, envelope, data, reply):
        found = re.search(rb"(?im)^message-id:\s*<?([^>\s]*)", data)
        message_id = found.group(1).decode("latin-1") if found else "-"
        with self.lock:
            self.mails += 1
            with open(self.path("mail.%d" % self.mails), "wb") as mail:
                mail.write(data)
            with open(self.path("index"), "a") as index:
                index.write("%d\t%d\t%s\t%s\t%s\t%s\n" % (
                    self.mails, number, envelope[0] or "-", ",".join(envelope[1]),
                    message_id, reply))

    def tls(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.options.cert, self.options.key)
        return context


class Connection:
    """One client, from the banner to its end."""

    def __init__(self, peer, link, number):
        self.peer, self.link, self.number = peer, link, number
        self.buffer = b""
        self.pace = None
        self.secure = False
        self.envelope = (None, [])

    # octets ----------------------------------------------------------------

    def write(self, data):
        self.link.sendall(data)
        for line in data.split(b"\r\n"):
            if line:
                self.peer.note("%d> %s" % (self.number,
                                           line[:200].decode("latin-1")))

    def fill(self):
        size = 65536
        if self.pace:
            size = self.pace[0]
            time.sleep(self.pace[1])
        data = self.link.recv(size)
        if not data:
            raise Gone
        self.buffer += data

    def read_until(self, end):
        at = 0
        while True:
            found = self.buffer.find(end, at)
            if found >= 0:
                break
            at = max(0, len(self.buffer) - len(end))
            self.fill()
        data = self.buffer[:found + len(end)]
        self.buffer = self.buffer[found + len(end):]
        return data

    def read_line(self):
        line = self.read_until(b"\r\n")[:-2].decode("latin-1")
        self.peer.note("%d< %s" % (self.number, line))
        return line

    # what a script can do ----------------------------------------------------

    def hang_up(self, hard):
        if hard:
            self.link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                 struct.pack("ii", 1, 0))
        raise Gone

    def act(self, action):
        word, _, rest = action.partition(":")
        if word == "raw":
            self.write(octets(rest))
        elif word == "dribble":
            for octet in octets(rest):
                self.write(bytes([octet]))
                time.sleep(0.005)
        elif word == "flood":
            count, _, text = rest.partition(":")
            for _ in range(int(count)):
                self.link.sendall(octets(text))
        elif word == "sleep":
            time.sleep(float(rest))
        elif word == "slow":
            count, _, seconds = rest.partition(":")
            self.pace = (int(count), float(seconds))
        elif word in ("close", "reset"):
            self.hang_up(word == "reset")
        elif word == "stall":
            while True:
                self.fill()
        else:
            self.write(action.replace(";", "\r\n").encode() + b"\r\n")

    def answer(self, phase, default=None):
        """Does what the script says; the first reply's text, or ""."""
        actions = self.peer.actions(phase) or [default or GOOD[phase]]
        for action in actions:
            self.act(action)
        return self.said(actions)

    def said(self, actions):
        """The text of the first reply among them, or ""."""
        for action in actions:
            found = re.match(r"(?:raw:|dribble:)?(\d\d\d.*)", action)
            if found:
                return found.group(1)
        return ""

    # phases --------------------------------------------------------------------

    def ehlo(self):
        actions = self.peer.actions("ehlo")
        if actions:
            for action in actions:
                self.act(action)
            return
        words = ["peer.example"] + [w for w in
                                    self.peer.options.offer.split(",") if w]
        if self.peer.options.cert and not self.secure:
            words.append("STARTTLS")
        lines = ["250-" + word for word in words]
        lines[-1] = lines[-1].replace("-", " ", 1)
        self.write("\r\n".join(lines).encode() + b"\r\n")

    def starttls(self):
        if not self.answer("starttls").startswith("220"):
            return
        self.buffer = b""
        self.secure_link()

    def secure_link(self):
        self.link = self.peer.tls().wrap_socket(self.link, server_side=True)
        self.secure = True

    def auth(self, words):
        prompts = {"LOGIN": ["VXNlcm5hbWU6", "UGFzc3dvcmQ6"]}
        given = words[2:]
        for prompt in prompts.get(words[1].upper(), [""])[len(given):]:
            self.write(("334 " + prompt).encode() + b"\r\n")
            given.append(self.read_line())
        said = [base64.b64decode(g).replace(b"\0", b" ").decode("latin-1")
                for g in given]
        self.peer.note("%d! %s %s" % (self.number, words[1], " ".join(said)))
        self.answer("auth")

    def data(self):
        default = None if self.envelope[1] else "554 5.5.1 no recipients"
        if not self.answer("data", default).startswith("354"):
            return
        self.buffer = b"\r\n" + self.buffer
        data = self.read_until(b"\r\n.\r\n")[:-3]
        data = data.replace(b"\r\n.", b"\r\n")[2:]
        actions = self.peer.actions("dot") or [GOOD["dot"]]
        self.peer.keep(self.number, self.envelope, data,
                       self.said(actions) or "-")
        self.envelope = (None, [])
        for action in actions:
            self.act(action)

    def path_of(self, line):
        found = re.search(r"<([^>]*)>", line)
        return found.group(1) if found else line

    def command(self, line):
        words = line.split(" ")
        verb = words[0].lower()
        if verb == "ehlo":
            self.ehlo()
        elif verb == "starttls":
            self.starttls()
        elif verb == "auth":
            self.auth(words)
        elif verb == "data":
            self.data()
        elif verb == "mail":
            self.envelope = (None, [])
            if self.answer("mail").startswith("250"):
                self.envelope = (self.path_of(line), [])
        elif verb == "rcpt":
            default = "503 5.5.1 MAIL first" if self.envelope[0] is None \
                else None
            if self.answer("rcpt", default).startswith("250"):
                self.envelope[1].append(self.path_of(line))
        elif verb in GOOD:
            self.answer(verb)
        else:
            self.write(b"502 5.5.1 what?\r\n")
        if verb == "quit":
            raise Gone

    def run(self):
        try:
            if self.peer.options.smtps:
                self.secure_link()
            self.answer("connect")
            while True:
                self.command(self.read_line())
        except (Gone, OSError) as why:
            self.peer.note("%d. %s" % (self.number, type(why).__name__))
        finally:
            self.link.close()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cert", help="offers STARTTLS with it")
    parser.add_argument("--key")
    parser.add_argument("--smtps", action="store_true", help="TLS at once")
    parser.add_argument("--offer", default="PIPELINING,8BITMIME,SMTPUTF8,DSN,"
                        "ENHANCEDSTATUSCODES", help="words of the EHLO reply")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("dir")
    parser.add_argument("rules", nargs="*")
    peer = Peer(parser.parse_intermixed_args())
    server = socket.create_server(("127.0.0.1", peer.options.port), backlog=64)
    with open(peer.path("port.new"), "w") as port:
        port.write("%d\n" % server.getsockname()[1])
    os.rename(peer.path("port.new"), peer.path("port"))
    number = 0
    while True:
        link, _ = server.accept()
        number += 1
        connection = Connection(peer, link, number)
        threading.Thread(target=connection.run, daemon=True).start()


if __name__ == "__main__":
    main()
