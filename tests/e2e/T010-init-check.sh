#!/bin/sh
# A desk is made, looked at, broken, and never overwritten.
. "${srcdir:-.}/tests/tap.sh"
unset POSTIGO_CONFIG
cd "$scratch" || exit 99
conf=$scratch/desk/postigo.conf

exits 0 'init makes a desk' "$POSTIGO" init desk
is "$(stat -c %a desk/postigo.key)" 600 'its key is closed to others'
is "$(stat -c %a desk/postigo.db)" 600 'its database too'
exits 0 'what init wrote is well' "$POSTIGO" -c "$conf" check
is "$("$POSTIGO" -q -c "$conf" check 2>&1)" '' 'and -q says nothing of it'

before=$(cksum desk/postigo.conf desk/postigo.key)
exits 77 'init refuses where a desk is' "$POSTIGO" init desk
is "$(cksum desk/postigo.conf desk/postigo.key)" "$before" \
	'and has changed nothing'
for file in postigo.conf postigo.key postigo.db; do
	mkdir "only-$file" && echo mine >"only-$file/$file"
	exits 77 "init refuses where $file is" "$POSTIGO" init "only-$file"
	is "$(ls "only-$file")" "$file" 'and leaves it alone there'
done
exits 0 'without a folder, init makes what -c names' \
	"$POSTIGO" -c "$scratch/other/mine.conf" init
exits 0 'and check finds it well' "$POSTIGO" -c other/mine.conf check
exits 64 'init takes one folder' "$POSTIGO" init a b
exits 64 'check --probe is not there yet' "$POSTIGO" -c "$conf" check --probe

# all faults, on standard error, with their lines
sed -i 's/^\tteam = "level1"$/\tteam = "levle1"/; s/^\ttls = "never"$/\ttsl = 1/' \
	"$conf"
team=$(grep -n levle1 "$conf" | cut -d: -f1)
tls=$(grep -n tsl "$conf" | cut -d: -f1)
exits 78 'check finds faults' "$POSTIGO" -c "$conf" check
is "$("$POSTIGO" -c "$conf" check 2>&1 >/dev/null)" \
	"$conf:$team: no team is called levle1; did you mean level1?
$conf:$tls: no key of smtp is called tsl; did you mean tls?" \
	'and tells each with its line'
is "$("$POSTIGO" --json -c "$conf" check 2>/dev/null | wc -l)" 2 \
	'or as JSON, one a line'
exits 75 'G-01 a delivery waits for a right configuration' \
	sh -c 'printf "From: a@b.example\n\nhi\n" |
		"$POSTIGO" -c "$0" deliver -r support@example.com' "$conf"

# own templates
mkdir -p own/en && echo '{{#open}}' >own/en/ack.txt
echo '{{tikcet.number}}' >own/en/closed.txt
sed 's/#templates = .*/templates = "..\/own"/' other/mine.conf \
	>other/own.conf
exits 78 'G-06 broken templates are faults' "$POSTIGO" -c other/own.conf check
is "$("$POSTIGO" -c other/own.conf check 2>&1 >/dev/null)" \
	'other/../own/en/ack.txt:1:1: this section is not closed
other/../own/en/closed.txt:1: no value is called tikcet.number; did you mean ticket.number?' \
	'and told with their lines'

done_testing
