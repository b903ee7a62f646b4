#!/bin/sh
# Articles are written, published, found, exported and taken back.
. "${srcdir:-.}/tests/tap.sh"
unset POSTIGO_CONFIG
cd "$scratch" || exit 99
postigo() {
	"$POSTIGO" --now 2026-11-24T10:00:00Z -c "$scratch/desk/postigo.conf" "$@"
}
"$POSTIGO" -q init desk >/dev/null || exit 99

cat >dock.md <<'END'
---
title: The dock is not recognised
language: en
keywords: dock, usb-c
---
Pull its *plug*, wait, see [the page](https://it.example/dock).

- laptop last
END
is "$(postigo kb add dock.md)" 'article 1: The dock is not recognised' \
	'an article is added from a file'
is "$(printf -- '---\ntitle: La base\nlanguage: es\ntranslation-of: 1\n---\nQuite la fuente.\n' |
	postigo kb add)" 'article 2: La base' 'and a translation from standard input'
is "$(postigo kb show --text 1)" \
	'Pull its plug, wait, see the page <https://it.example/dock>.

- laptop last' 'its Markdown reads well as text'
is "$(postigo kb show --html 1 | head -n 1)" \
	'<p>Pull its <em>plug</em>, wait, see <a href="https://it.example/dock">the page</a>.</p>' \
	'and is HTML'

# states
exits 0 'an article is published' postigo kb publish 1
exits 0 'and retired' postigo kb retire 2
exits 77 'what is retired is not published at once' postigo kb publish 2
is "$(postigo kb publish 2 2>&1)" \
	'postigo: article 2 is retired: make it a draft first' 'and why'
is "$(postigo --json kb list state:published | wc -l)" 1 \
	'list takes a state'

# versions
sed 's/wait,/wait ten seconds,/' dock.md >dock2.md
exits 0 'a file is its new version' postigo kb edit 1 dock2.md
is "$(postigo --json kb show 1 | grep -o '"version": *[0-9]*' | grep -o '[0-9]*')" \
	2 'which counts'
like "$(postigo kb diff 1)" 'wait ten seconds' \
	'diff shows what changed'
is "$(postigo --json kb list state:published | wc -l)" 1 \
	'and it keeps its state'
exits 0 'the same again is no version' postigo kb edit 1 dock2.md
is "$(EDITOR='sed -i s/ten/twenty/' postigo kb edit 1)" \
	'article 1: The dock is not recognised' 'edit calls the editor'
is "$(postigo --json journal | grep -c 'article article=1')" 4 \
	'each change is in the journal'

# files
exits 0 'all are exported' postigo kb export out
is "$(ls out)" '001-the-dock-is-not-recognised.md
002-la-base.md' 'by number and title'
"$POSTIGO" -q init other >/dev/null
other() { "$POSTIGO" -c "$scratch/other/postigo.conf" "$@"; }
is "$(other kb import out)" '2 articles added, 0 known before' \
	'another desk takes them'
is "$(other kb import out)" '0 articles added, 2 known before' \
	'and again is harmless'
printf 'New one\n\nText.\n' >out/new.md
is "$(other kb import out)" '1 articles added, 2 known before' \
	'a file without a number becomes an article'
is "$(sed -n 2p out/new.md)" 'id: 3' 'and is given its number'
printf -- '---\ntitle: x\ncolour: red\n---\ny\n' >out/wrong.md
exits 65 'a wrong file is refused' other kb import out
is "$(other kb import out 2>&1)" \
	'postigo: out/wrong.md: line 3: colour: no such key' 'with its line'

# search
is "$(postigo kb search 'my docks are not recognized' | sed -n '2s/ .*//p')" 1 \
	'search finds by stems'
exits 1 'and says no where nothing is' postigo kb search zeppelin
exits 64 'an unknown subcommand tells what there is' postigo kb burn
exits 66 'no such article' postigo kb show 99

# the acknowledgement
printf 'trust { authserv-id = {"mx.example"} received-by = {"mx.example"} }\n' \
	>>desk/postigo.conf
mail() { # VERDICT SUBJECT
	printf '%s\n' "Authentication-Results: mx.example; dmarc=$1 header.from=c.example" \
		'Received: from a by mx.example; Tue, 24 Nov 2026 09:00:00 +0000' \
		'From: Rosa <rosa@c.example>' "Subject: $2" \
		"Message-ID: <$2@c.example>" '' 'What can I do?' |
		sed 's/ID: <\(.*\)>/ID: <\1>/; /^Message-ID/s/ /-/2g'
}
acknowledgement() { # TICKET
	postigo outbox show "$(postigo --json outbox | grep '"acknowledgement"' |
		grep "\"ticket\": *$1," | grep -o '"id": *[0-9]*' | grep -o '[0-9]*')"
}
like "$(mail pass 'the usb-c dock' | postigo explain)" \
	'use ticket=1 article=1 kind=proposed' 'explain shows what is proposed'
mail pass 'the usb-c dock' | postigo deliver -f rosa@c.example
like "$(acknowledgement 1)" 'wait twenty seconds' \
	'an acknowledgement proposes the article'
like "$(acknowledgement 1)" '<em>plug</em>' 'in HTML too'
is "$(postigo --json kb list state:published | grep -o '"proposed": *[0-9]*' |
	grep -o '[0-9]*')" 1 'which is counted'
reply_to=$(acknowledgement 1 | tr -d '\r' | sed -n 's/^Reply-To: //p')
mail pass 'Re: the usb-c dock' | sed 's/^What can.*/Solved/' |
	postigo deliver -f rosa@c.example -r "$reply_to"
is "$(postigo --json show 1 | grep -o '"state": *"[a-z]*"' | head -n 1 |
	grep -o '[a-z]*"$')" 'resolved"' 'one word of the requester resolves it'
is "$(postigo --json kb list state:published | grep -o '"solved": *[0-9]*' |
	grep -o '[0-9]*')" 1 'and counts for the article'
later() { "$POSTIGO" --now "2026-11-$1T12:00:00Z" -c desk/postigo.conf deliver; }
mail pass 'lunch on friday' | later 25
like "$(acknowledgement 2)" 'lunch on friday' 'another day, another question'
is "$(acknowledgement 2 | grep -c solved)" 0 'and nothing where nothing fits'
mail none 'my usb-c dock' | later 27
like "$(acknowledgement 3)" 'We have received' 'an unproven sender is told'
is "$(acknowledgement 3 | grep -c solved)" 0 'L-12 the fixed words alone'
exits 0 'the database is well' postigo fsck

done_testing
