"""A scripted IMAP server, to misbehave as a test says.

    imap_peer.py FOLDER [FAULT[=VALUE]]...

FOLDER holds the mails, N.eml for UID N, and takes what happens: "port", and
"wire", each line of the client.  What is moved or expunged goes to FOLDER/gone.
A file FOLDER/faults, one a line, takes the place of the arguments from the next
connection on.
"""
import os
import re
import socket
import sys
import threading

top = sys.argv[1]


def faults_now():
    path = os.path.join(top, "faults")
    words = open(path).read().split("\n") if os.path.exists(path) else sys.argv[2:]
    return dict((word.partition("=")[0], word.partition("=")[2])
                for word in words if word)


class Session:
    def __init__(self, link):
        self.link = link
        self.lines = link.makefile("rb")
        self.faults = faults_now()
        self.flags = {}

    def say(self, text):
        self.link.sendall(text if isinstance(text, bytes) else text.encode())

    def mails(self):
        return sorted(int(name[:-4]) for name in os.listdir(top)
                      if name.endswith(".eml"))

    def octets(self, uid):
        with open(os.path.join(top, f"{uid}.eml"), "rb") as mail:
            return mail.read().replace(b"\n", b"\r\n")

    def chosen(self, text):
        uids = self.mails()
        out = []
        for part in text.split(","):
            first, _, last = part.partition(":")
            last = last or first
            top_uid = uids[-1] if uids else 0
            low = top_uid if first == "*" else int(first)
            high = top_uid if last == "*" else int(last)
            out += [u for u in uids if min(low, high) <= u <= max(low, high)]
        return out

    def remove(self, uids):
        os.makedirs(os.path.join(top, "gone"), exist_ok=True)
        for uid in uids:
            os.rename(os.path.join(top, f"{uid}.eml"),
                      os.path.join(top, "gone", f"{uid}.eml"))

    def list_one(self, number, uid):
        self.say(f"* {number} FETCH (UID {uid} RFC822.SIZE "
                 f"{len(self.octets(uid))} FLAGS "
                 f"({self.flags.get(uid, '')}))\r\n")

    def body_of(self, number, uid, octets):
        size = self.faults.get("literal", str(len(octets)))
        if "die-in-literal" in self.faults:
            octets = octets[:20]
        self.say(f"* {number} FETCH (UID {uid} BODY[] {{{size}}}\r\n")
        self.say(octets)
        if "die-in-literal" in self.faults:
            self.link.shutdown(socket.SHUT_RDWR)
            raise OSError
        self.say(")\r\n")

    def uid_fetch(self, tag, rest):
        chosen, _, what = rest.partition(" ")
        is_body = "BODY" in what
        part = re.search(r"<0\.(\d+)>", what)
        refused = False
        if is_body and "flood" in self.faults:
            while True:
                self.say("* OK and more and more of it\r\n" * 1000)
        if is_body and "brackets" in self.faults:
            self.say("* 1 FETCH (UID 1 X " + "(" * 1000000)
        if is_body and "long-line" in self.faults:
            self.say("* OK " + "x" * (64 << 20))
        if is_body and "gone" in self.faults:
            self.remove([u for u in [2] if u in self.mails()])
            self.say("* 2 EXPUNGE\r\n")
            refused = True
        for uid in self.chosen(chosen):
            number = self.mails().index(uid) + 1
            if not is_body:
                self.list_one(number, uid)
                continue
            if self.faults.get("unreadable") == str(uid):
                refused = True
                continue
            if self.faults.get("deadly") == str(uid):
                raise OSError
            octets = self.octets(uid)
            if "short" in self.faults:
                octets = octets[:-10]
            if part:
                octets = octets[:int(part[1])]
            self.body_of(number, uid, octets)
        if not is_body and "strange-uids" in self.faults:
            self.say("* 9 FETCH (UID 4000000000 RFC822.SIZE 10)\r\n"
                     "* 9 FETCH (UID x RFC822.SIZE -1 FLAGS NIL)\r\n"
                     "* 9 FETCH (FLAGS (\\Seen)\r\n* 9 FETCH\r\n* FETCH\r\n"
                     "* STATUS\r\n* 1 FETCH (UID 1 FLAGS \"{5}\" )))\r\n")
        self.say(f"{tag} NO Some of the requested messages no longer exist\r\n"
                 if refused else f"{tag} OK done\r\n")

    def done_with(self, tag, verb, rest):
        if "die-at-store" in self.faults:
            raise OSError
        if "read-only" in self.faults:
            self.say(f"{tag} NO [NOPERM] you may not\r\n")
            return
        chosen, _, what = rest.partition(" ")
        uids = self.chosen(chosen)
        if verb == "STORE":
            for uid in uids:
                self.flags[uid] = "\\Deleted" if "Deleted" in what else "\\Seen"
        if verb in ("MOVE", "EXPUNGE"):
            self.remove(uids)
        self.say(f"{tag} OK done\r\n")

    def select(self, tag):
        uids = self.mails()
        epoch = self.faults.get("epoch", "7")
        upcoming = self.faults.get("uidnext", str((uids or [0])[-1] + 1))
        if "bad-flags" in self.faults:
            self.say("* OK [PERMANENTFLAGS (] x\r\n* FLAGS (\r\n")
        self.say(f"* {len(uids)} EXISTS\r\n")
        if epoch != "none":
            self.say(f"* OK [UIDVALIDITY {epoch}] ok\r\n")
        self.say(f"* OK [UIDNEXT {upcoming}] ok\r\n{tag} OK selected\r\n")

    def capability(self, tag):
        words = self.faults.get("offer", "UIDPLUS MOVE")
        self.say(f"* CAPABILITY IMAP4rev1 {words}\r\n{tag} OK done\r\n")

    def serve(self):
        self.say(self.faults.get("greeting", "* OK ready") + "\r\n")
        for line in self.lines:
            line = line.decode().rstrip("\r\n")
            with open(os.path.join(top, "wire"), "a") as wire:
                wire.write(line + "\n")
            tag, _, rest = line.partition(" ")
            verb, _, rest = rest.partition(" ")
            if verb == "UID":
                verb, _, rest = rest.partition(" ")
                if verb == "FETCH":
                    self.uid_fetch(tag, rest)
                else:
                    self.done_with(tag, verb, rest)
            elif verb == "CAPABILITY":
                self.capability(tag)
            elif verb == "SELECT":
                self.select(tag)
            elif verb == "STARTTLS":
                self.say(f"{tag} OK go\r\n* CAPABILITY IMAP4rev1\r\n")
            elif verb == "LOGIN" and "refuse" in self.faults:
                self.say(f"{tag} NO [{self.faults['refuse']}] no\r\n")
            else:
                self.say(f"{tag} OK {verb}\r\n")
            if verb == "LOGOUT":
                return


def run(link):
    try:
        Session(link).serve()
    except OSError:
        pass
    link.close()


server = socket.socket()
server.bind(("127.0.0.1", 0))
server.listen(16)
with open(os.path.join(top, "port.new"), "w") as file:
    file.write(str(server.getsockname()[1]))
os.rename(os.path.join(top, "port.new"), os.path.join(top, "port"))
while True:
    threading.Thread(target=run, args=(server.accept()[0],), daemon=True).start()
