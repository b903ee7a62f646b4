# A desk for the end-to-end tests, in $scratch/desk.  Sourced after tests/tap.sh.
# shellcheck shell=sh disable=SC2153,SC2154

# make_desk [USER]: a desk of queue "support" <desk@desk.test>, agents Ana and
# Luis, that belongs to USER; what is in $scratch/desk.conf is added to its
# configuration.  $postigo is the program with that configuration, at a place
# where USER can run it.
make_desk() {
	mkdir -p "$scratch/bin"
	cp "$POSTIGO" "$scratch/bin/postigo.bin"
	postigo=$scratch/bin/postigo
	cat >"$postigo" <<PROGRAM
#!/bin/sh
POSTIGO_CONFIG=\${POSTIGO_CONFIG:-$scratch/desk/postigo.conf}
export POSTIGO_CONFIG
exec "$scratch/bin/postigo.bin" "\$@"
PROGRAM
	chmod 755 "$postigo"
	"$postigo" init "$scratch/desk" >"$scratch/init.out" 2>&1 || {
		diag <"$scratch/init.out"
		return 1
	}
	cat >"$scratch/desk/postigo.conf" <<'CONF'
desk {
	name = "Support"
	address = "desk@desk.test"
	language = "en"
	timezone = "UTC"
	database = "postigo.db"
	key = "postigo.key"
}
queue "support" {
	address = {"desk@desk.test"}
	team = "level1"
	type = "incident"
	priority = "normal"
	acknowledge = yes
}
team "level1" {
	members = {"ana", "luis"}
	level = 1
}
agent "ana" {
	name = "Ana Ríos"
	address = {"ana@staff.test"}
}
agent "luis" {
	name = "Luis Ortega"
	address = {"luis@staff.test"}
	language = "es"
}
trust {
	authserv-id = {"mail.desk.test"}
	received-by = {"mail.desk.test"}
	strips-forged = yes
}
CONF
	[ ! -e "$scratch/desk.conf" ] ||
		cat "$scratch/desk.conf" >>"$scratch/desk/postigo.conf"
	[ -z "${1-}" ] || chown -R "$1" "$scratch/desk"
	is_desk_fine=$("$postigo" check 2>&1) || diag "$is_desk_fine"
}

# envelopes: "sender|recipients" of each delivery, as the door was told
envelopes() {
	sqlite3 "$scratch/desk/postigo.db" \
		"SELECT envelope_sender, recipients FROM delivery ORDER BY id"
}

# ask COMMAND...: postigo's answer, as the JSON that programs read
ask() {
	"$postigo" --json "$@"
}

# field NAME: of each JSON object on stdin, text without quotes
field() {
	python3 -c '
import json, sys
for line in sys.stdin:
    value = json.loads(line)
    for name in sys.argv[1].split("."):
        value = value[int(name)] if name.isdigit() else value[name]
    print(value if isinstance(value, str) else json.dumps(value))' "$1"
}
