#!/bin/sh
# Mails that no program should have sent (faults.md 2.5, 2.8): each is accepted,
# kept to the octet, and becomes a ticket or waits in the quarantine; none stops
# the next one; nothing of them gets into our own mails' headers.
. "${srcdir:-.}/tests/tap.sh"
have python3 sqlite3 || skip_all 'python3 and sqlite3 are needed'

"$POSTIGO" -q init "$scratch/desk" >/dev/null || skip_all 'no desk'
POSTIGO_CONFIG=$scratch/desk/postigo.conf
export POSTIGO_CONFIG
database=$(find "$scratch/desk" -name '*.db')
python3 "$srcdir/tests/e2e/hostile.py" "$scratch/mails"

accounted() { # FILE: exactly one delivery more, in a terminal state
	sqlite3 "$database" "SELECT state FROM delivery
		WHERE sha256 = '$(sha256sum <"$1" | cut -d' ' -f1)'"
}

for mail in "$scratch"/mails/*.eml; do
	name=$(basename "$mail" .eml)
	status=0
	timeout 30 "$POSTIGO" deliver -f eve@evil.example <"$mail" || status=$?
	is "$status" 0 "$name: accepted"
	like "$(accounted "$mail")" '^(ticketed|quarantined|shunted|appended|duplicate-of)$' \
		"$name: in one terminal state"
	"$POSTIGO" raw "$(sha256sum <"$mail" | cut -d' ' -f1)" >"$scratch/back"
	ok "$name: kept to the octet" cmp -s "$mail" "$scratch/back"
done

is "$(accounted "$scratch/mails/P-06-two.eml")" ticketed \
	'P-06: the same Message-ID with other words is another mail'
is "$(accounted "$scratch/mails/P-07-two.eml")" ticketed \
	'P-07: the same head without an id, other words: another mail'
ok 'every invariant holds' "$POSTIGO" fsck

sqlite3 "$database" 'SELECT hex(body) FROM outbox' >"$scratch/bodies"
ok 'X-01, X-05: our mails have the intended fields and no template ran' \
	python3 - "$scratch/bodies" <<'PY'
import email, email.policy, sys
ALLOWED = {'from', 'to', 'reply-to', 'date', 'subject', 'message-id',
           'in-reply-to', 'references', 'x-postigo-ticket',
           'x-postigo-instance', 'auto-submitted', 'x-auto-response-suppress',
           'precedence', 'list-id', 'mime-version', 'content-type',
           'content-transfer-encoding'}
count = 0
for line in open(sys.argv[1]):
    octets = bytes.fromhex(line.strip())
    head = octets.split(b'\r\n\r\n')[0]
    assert b'\n' not in head.replace(b'\r\n', b''), head
    mail = email.message_from_bytes(octets, policy=email.policy.SMTP)
    names = [name.lower() for name in mail.keys()]
    assert set(names) <= ALLOWED, set(names) - ALLOWED
    assert len(set(names)) == len(names), names
    assert not mail.defects, mail.defects
    assert all(len(row) <= 998 for row in octets.split(b'\r\n'))
    text = mail.get_body(('plain',)).get_content()
    assert 'desk.key' not in text or '{{desk.key}}' in text, text
    assert '49' not in mail['Subject'], mail['Subject']
    count += 1
assert count > 20, count
PY

# a bomb to an unproven sender's address holds none of his words (L-12)
ok 'L-12: no acknowledgement holds a word of an unproven mail' \
	python3 - "$scratch/bodies" <<'PY'
import email, email.policy, sys
for line in open(sys.argv[1]):
    mail = email.message_from_bytes(bytes.fromhex(line.strip()),
                                    policy=email.policy.SMTP)
    if mail['Auto-Submitted'] != 'auto-replied':
        continue
    assert 'hostile' not in mail['Subject'], mail['Subject']
    assert 'words' not in mail.get_body(('plain',)).get_content()
PY
done_testing
