#!/bin/sh
# The journal tells everything: played into an empty database it gives every
# table again (design 5), and where it does not, fsck --replay says so.
. "${srcdir:-.}/tests/tap.sh"
. "$srcdir/tests/e2e/desk.sh"
have sqlite3 || skip_all 'sqlite3 is needed'
make_desk "$(id -un)" || skip_all 'no desk'
database=$scratch/desk/postigo.db

sql() { sqlite3 "$database" "$1"; }

# FROM ID FIELDS WORDS: one mail, proven, at the door
mail() {
	{
		printf 'Authentication-Results: mail.desk.test; dmarc=pass header.from=%s\n' \
			"${1#*@}"
		printf 'From: %s\nTo: desk@desk.test\nSubject: the printer\n' "$1"
		printf 'Message-ID: <%s@%s>\n%b' "$2" "${1#*@}" "$3"
		printf 'Date: Tue, 24 Nov 2026 15:00:00 +0000\n\n%b\n' "$4"
	} >"$scratch/mail"
	"$postigo" deliver -f "$1" <"$scratch/mail"
}

token() { # OUTBOX-ID: the address that answers it
	"$postigo" outbox show "$1" | tr -d '\r' |
		sed -n 's/^Reply-To: *//p' | tr -d '<>'
}

answer() { # FROM ID OUTBOX-ID WORDS: with the token of that mail
	to=$(token "$3")
	{
		printf 'Authentication-Results: mail.desk.test; dmarc=pass header.from=%s\n' \
			"${1#*@}"
		printf 'From: %s\nTo: %s\nSubject: Re: the printer\n' "$1" "$to"
		printf 'Message-ID: <%s@%s>\n\n%b\n' "$2" "${1#*@}" "$4"
	} >"$scratch/mail"
	"$postigo" deliver -f "$1" -r "$to" <"$scratch/mail"
}

mail rosa@customer.test one '' 'It is on fire.'
notice=$(sql "SELECT id FROM outbox WHERE recipient = 'ana@staff.test'")
answer ana@staff.test two "$notice" '/priority high\n/tag +fire\nUse the stairs.'
answer ana@staff.test three "$notice" '/note\nIt was the drum.'
answer ana@staff.test four "$notice" '/close\n/clsoe\nNobody reads this.'
mail eve@evil.test five 'In-Reply-To: <one@customer.test>\n' 'Me too.'
mail eve@evil.test six 'In-Reply-To: <one@customer.test>\n' 'And me.'
mail juan@customer.test seven 'In-Reply-To: <eight@customer.test>\n' 'A child.'
mail juan@customer.test eight '' 'Its parent.'
"$postigo" -q reply 1 'From the terminal:
a "quoted" word, a back\slash, señal.'
"$postigo" -q note 1 'A note.'
"$postigo" -q set 1 state=closed field.floor=2
"$postigo" -q new --from kim@other.test --subject 'by telephone' 'He called.' \
	>"$scratch/new" 2>&1 || diag <"$scratch/new"
held=$(sql "SELECT min(id) FROM quarantine")
ok 'a held mail is admitted' "$postigo" quarantine admit "$held"
ok 'another becomes a ticket' "$postigo" quarantine open $((held + 1))
ok 'a mail is cancelled' "$postigo" outbox cancel 1
ok 'and another goes again' "$postigo" outbox retry 2

like "$("$postigo" journal)" 'text="From the terminal:' \
	'words that are in no mail stand in the journal'
like "$("$postigo" journal)" 'outbox ticket=1 outbox=1 state=cancelled' \
	'so does what the operator did with a mail'
is "$(sql "SELECT count(*) FROM message WHERE reply LIKE '%stairs%'
	AND reply LIKE '%/priority%'")" 0 'orders are not part of the words'
ok 'the journal gives every table again' "$postigo" fsck --replay
is "$(find "$scratch/desk" -name "*replay*" | wc -l)" 0 'and leaves nothing behind'

# what no journal line tells of
sql "UPDATE ticket SET priority = 'low' WHERE id = 1"
exits 1 'a ticket that was changed behind its back' "$postigo" fsck --replay
like "$("$postigo" fsck --replay)" \
	'^journal: ticket 1: not as the journal tells it' 'is found'
like "$("$postigo" fsck)" 'all invariants hold' 'which the rows alone cannot show'
sql "UPDATE ticket SET priority = 'high' WHERE id = 1"
sql "DELETE FROM tag WHERE ticket = 1"
like "$("$postigo" fsck --replay)" \
	'^journal: tag 1: told by the journal, and not here' 'a tag that went'
done_testing
