"""A client of the LMTP door, for tests: python3 lmtp_client.py PLACE WHAT ...

PLACE is the path of a Unix socket, or a port of 127.0.0.1.

  send SENDER RECIPIENT...       the mail is stdin; the replies to RCPT and to
                                 the mail, one a line
  many SESSIONS MAILS RECIPIENT  each session sends MAILS mails of its own;
                                 prints how many of them were taken
  copies SESSIONS RECIPIENT...   all sessions bring the mail of stdin at once,
                                 each to the next recipient; how many were taken
  load SESSIONS MAILS RECIPIENT ROUND
                                 a process a session, MAILS in all, one behind
                                 the other in each; prints mails a second
  idle COUNT SECONDS             COUNT connections that say nothing; prints what
                                 each of them heard first, sorted and counted
"""
import collections
import os
import select
import socket
import sys
import time


class Client:
    def __init__(self, place, timeout=60):
        if place.isdigit():
            self.socket = socket.create_connection(("127.0.0.1", int(place)))
        else:
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.connect(place)
        self.socket.settimeout(timeout)
        self.file = self.socket.makefile("rb")

    def reply(self):
        while True:
            line = self.file.readline()
            if not line:
                raise EOFError("the server hung up")
            if line[3:4] != b"-":
                return line.decode().rstrip()

    def say(self, text):
        self.socket.sendall(text.encode() + b"\r\n")
        return self.reply()

    def hello(self):
        self.reply()
        return self.say("LHLO client.test")

    def envelope(self, sender, recipients):
        self.say(f"MAIL FROM:<{sender}>")
        return [self.say(f"RCPT TO:<{to}>") for to in recipients]

    def data(self, octets, recipients):
        self.say("DATA")
        lines = octets.replace(b"\r\n", b"\n").split(b"\n")
        if lines[-1] == b"":
            lines.pop()
        stuffed = [b"." + l if l.startswith(b".") else l for l in lines]
        self.socket.sendall(b"\r\n".join(stuffed + [b".", b""]))
        return [self.reply() for _ in range(recipients)]


def send(place, sender, *recipients):
    client = Client(place)
    client.hello()
    heard = client.envelope(sender, recipients)
    taken = sum(line.startswith("250") for line in heard)
    if taken:
        heard += client.data(sys.stdin.buffer.read(), taken)
    print("\n".join(heard))
    client.say("QUIT")


def mail(session, number, to):
    return (
        f"From: u{session}@client.test\r\nTo: {to}\r\n"
        f"Subject: case {session} {number}\r\n"
        f"Message-ID: <{session}.{number}@client.test>\r\n\r\n"
        f"The printer of room {session} lost sheet {number}.\r\n"
    ).encode()


def many(place, sessions, mails, to):
    """All sessions at once: each step is sent to all, then all are heard."""
    clients = [Client(place) for _ in range(int(sessions))]
    taken = 0
    for client in clients:
        client.hello()
    for number in range(int(mails)):
        for session, client in enumerate(clients):
            body = mail(session, number, to)
            client.socket.sendall(
                b"MAIL FROM:<u%d@client.test>\r\nRCPT TO:<%s>\r\nDATA\r\n"
                % (session, to.encode())
            )
            for _ in range(3):
                client.reply()
            client.socket.sendall(body + b".\r\n")
        for client in clients:
            taken += client.reply().startswith("250")
    print(taken)


def copies(place, sessions, *recipients):
    octets = sys.stdin.buffer.read().replace(b"\n", b"\r\n")
    clients = [Client(place) for _ in range(int(sessions))]
    for number, client in enumerate(clients):
        client.hello()
        client.envelope("marta@client.test", [recipients[number % len(recipients)]])
        client.say("DATA")
    for client in clients:
        client.socket.sendall(octets.replace(b"\r\n.", b"\r\n..") + b".\r\n")
    print(sum(client.reply().startswith("250") for client in clients))


def load(place, sessions, mails, to, word):
    each = int(mails) // int(sessions)
    children = []
    begin = time.monotonic()
    for session in range(int(sessions)):
        pid = os.fork()
        if pid == 0:
            os._exit(load_session(place, f"{word}.{session}", each, to))
        children.append(pid)
    bad = sum(os.waitpid(pid, 0)[1] != 0 for pid in children)
    if bad:
        sys.exit(f"{bad} sessions were refused")
    print(each * int(sessions) / (time.monotonic() - begin))


def load_session(place, word, mails, to):
    client = Client(place)
    client.hello()
    for number in range(mails):
        client.socket.sendall(
            b"MAIL FROM:<u@client.test>\r\nRCPT TO:<%s>\r\nDATA\r\n" % to.encode()
        )
        for _ in range(3):
            client.reply()
        client.socket.sendall(mail(word, number, to) + b".\r\n")
        if not client.reply().startswith("250"):
            return 1
    return 0


def idle(place, count, seconds):
    heard = collections.Counter()
    sockets = []
    for _ in range(int(count)):
        one = socket.create_connection(("127.0.0.1", int(place)))
        sockets.append(one)
    until = time.monotonic() + float(seconds)
    waiting = set(sockets)
    while waiting and time.monotonic() < until:
        ready, _, _ = select.select(list(waiting), [], [], 0.1)
        for one in ready:
            heard[one.recv(100).decode()[:9]] += 1
            waiting.discard(one)
    for words, times in sorted(heard.items()):
        print(times, words)


if __name__ == "__main__":
    {"send": send, "many": many, "copies": copies, "load": load, "idle": idle}[sys.argv[2]](
        sys.argv[1], *sys.argv[3:]
    )
