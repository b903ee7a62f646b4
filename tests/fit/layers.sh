#!/bin/sh
# What a folder of src/ may include: the folders below it, and the libraries
# that it is the only user of.
. "${srcdir:-.}/tests/tap.sh"
cd "$srcdir/src" || exit 99

# folder: what its files may include, "file:line: ..." of the rest
may_include() {
	folder=$1 allowed="\"(config\\.h|($2)/)"
	[ -d "$folder" ] || return 0
	bad=$(grep -rnE '^[[:blank:]]*#[[:blank:]]*include[[:blank:]]*"' \
		--include='*.[ch]' "$folder" | grep -vE "include[[:blank:]]*$allowed")
	is "$bad" '' "$folder/ includes only $(echo "$2" | tr '|' ' ')"
}

may_include base 'base'
may_include desk 'base|desk'
may_include sieve 'base|desk|sieve'
may_include message 'base|desk|message'
may_include store 'base|desk|store'
may_include config 'base|desk|config'
may_include clerk 'base|desk|sieve|message|store|config|clerk'
# the doors know neither rows nor MIME
may_include intake 'base|desk|sieve|config|clerk|intake'
may_include outbound 'base|desk|store|clerk|outbound'
may_include serve 'base|desk|sieve|message|store|config|clerk|intake|outbound|serve'
may_include cli 'base|desk|sieve|message|store|config|clerk|intake|outbound|serve|cli'

# header of a library, and the only files that may include it
only_in() {
	bad=$(grep -rnE "^[[:blank:]]*#[[:blank:]]*include[[:blank:]]*<$1" \
		--include='*.[ch]' . | grep -vE "^\\./($2)")
	is "$bad" '' "$3"
}

only_in 'gmime/' 'message/' 'GMime only in message/'
only_in 'libxml/' 'message/' 'libxml2 only in message/'
only_in 'sqlite3' 'store/db_sqlite\.c' 'SQLite only in store/db_sqlite.c'
only_in 'curl/' 'outbound/' 'libcurl only in outbound/'
only_in 'libstemmer' 'base/stem\.c' 'libstemmer only in base/stem.c'
only_in 'libical/' 'config/' 'libical only in config/'
only_in 'cmark' 'message/markdown\.c' 'cmark only in message/markdown.c'
only_in 'gnutls' 'intake/' 'GnuTLS only in intake/'
only_in 'confuse' 'config/' 'libconfuse only in config/'
only_in '(libetpan|libpq|postgresql)' '(intake|store)/' \
	'libetpan only in intake/, libpq only in store/'

sql='"[^"]*\<(SELECT .* FROM|INSERT (OR [A-Z]+ )?INTO|UPDATE [a-z_]+ SET|DELETE FROM|CREATE (TABLE|INDEX)|PRAGMA|BEGIN IMMEDIATE)\>'
bad=$(grep -rnE "$sql" --include='*.[ch]' . | grep -v '^\./store/')
is "$bad" '' 'SQL only in store/'

# a statement is a literal, and its values are bound (faults.md X-01)
made=$(grep -rnE -A2 '(printf|g_strconcat|g_string_append[a-z_]*) ?\(' \
	--include='*.[ch]' store 2>/dev/null |
	grep -E '"[^"]*(SELECT|INSERT|UPDATE|DELETE|WHERE|VALUES)\>')
is "$made" '' 'SQL is never made by printf or by joining strings'

done_testing
