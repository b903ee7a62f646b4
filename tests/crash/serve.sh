#!/bin/sh
# kill -9 of any process of serve at random while mails come by LMTP and by the
# pipe: what was answered with "kept" is there, what was not is brought again,
# nothing is there twice, and all invariants hold.
#
# usage: tests/crash/serve.sh [KILLS]
. "${srcdir:-.}/tests/tap.sh"
. "$srcdir/tests/e2e/desk.sh"
. "$srcdir/tests/e2e/lmtp.sh"
kills=${1:-12}

lmtp_desk || { fail 'a desk with a door can be made'; done_testing; exit; }
cat >"$scratch/crash.py" <<'PY'
"""Brings mails until each was taken, and kills meanwhile; prints how many mails
and kills there were."""
import os, random, signal, socket, subprocess, sys, time
door, postigo, kills = sys.argv[1], sys.argv[2], int(sys.argv[3])
random.seed(kills)


def start():
    return subprocess.Popen(
        [postigo, "serve"], stdin=subprocess.DEVNULL,
        stderr=open(os.path.dirname(door) + "/../serve.log", "ab"))


def family(pid):
    """pid and all below it."""
    below = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                fields = open(f"/proc/{name}/stat").read().rsplit(")", 1)[1].split()
            except OSError:
                continue
            below.setdefault(int(fields[1]), []).append(int(name))
    found, left = [], [pid]
    while left:
        one = left.pop()
        found.append(one)
        left += below.get(one, [])
    return found


def octets(number):
    return (f"From: u{number}@client.test\nTo: desk@desk.test\n"
            f"Subject: case {number}\nMessage-ID: <{number}@client.test>\n\n"
            f"Sheet {number} is lost.\n").encode()


def by_pipe(number):
    return subprocess.run([postigo, "deliver", "-f", f"u{number}@client.test",
                           "-r", "desk@desk.test"],
                          input=octets(number)).returncode == 0


def by_lmtp(number):
    try:
        s = socket.socket(socket.AF_UNIX)
        s.settimeout(20)
        s.connect(door)
        f = s.makefile("rwb")
        f.write(b"LHLO x\r\nMAIL FROM:<u%d@client.test>\r\n"
                b"RCPT TO:<desk@desk.test>\r\nDATA\r\n" % number)
        f.write(octets(number).replace(b"\n", b"\r\n") + b".\r\n")
        f.flush()
        while True:
            line = f.readline()
            if not line:
                return False
            if b"Kept" in line:
                return True
            if line[:1] in b"45":
                return False
    except OSError:
        return False


serve, number, done = start(), 0, 0
while done < kills:
    waiting = {}
    for _ in range(random.randrange(2, 8)):  # several at once, each a child
        number += 1
        pid = os.fork()
        if pid == 0:
            bring = by_pipe if number % 4 == 0 else by_lmtp
            os._exit(0 if bring(number) else 1)
        waiting[pid] = number
    time.sleep(random.random() * 0.08)
    victim = random.choice(family(serve.pid))
    try:
        os.kill(victim, signal.SIGKILL)
    except ProcessLookupError:
        pass
    done += 1
    again = []
    for pid, one in waiting.items():
        if os.waitpid(pid, 0)[1] != 0:
            again.append(one)
    if serve.poll() is not None:
        serve = start()
    while again:  # as a mail server brings them, now and then one that was kept
        again = [one for one in again if not by_lmtp(one) and not by_pipe(one)]
serve.terminate()
serve.wait()
print(number, done)
PY
counted=$(timeout $((60 + kills * 5)) python3 "$scratch/crash.py" "$door" "$postigo" "$kills")
mails=${counted% *}
is "${counted#* }" "$kills" "$kills times a process of serve was killed under load"
is "$(ask list | wc -l)" "$mails" "each of $mails mails has a ticket"
is "$(ask list | field subject | sort -u | wc -l)" "$mails" 'and only one'
ok 'all invariants hold' "$postigo" -q fsck
done_testing
