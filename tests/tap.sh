# A TAP library for shell tests (POSIX sh).
#
#	. "${srcdir:-.}/tests/tap.sh"
#	ok 'a file can be made' touch "$scratch/file"
#	is "$(cat "$scratch/file")" '' 'it is empty'
#	done_testing
#
# $scratch is a fresh directory, removed at the end unless a test failed and
# $KEEP is set.  Whatever start() started is stopped at the end, by its pid.
# $srcdir, $builddir, $POSTIGO: by hand, here and what is built here.
# shellcheck shell=sh

: "${srcdir:=$(pwd)}" "${builddir:=$srcdir}"
: "${POSTIGO:=$builddir/postigo}"
# the system's own programs first: others may be wrappers that take seconds
PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH
export srcdir builddir POSTIGO PATH
scratch=$(mktemp -d "${TMPDIR:-/tmp}/postigo-test.XXXXXX") || exit 99
tap_count=0 tap_failed=0 tap_plan='' tap_pids='' tap_cleanup=''

# Diagnostics: each line of the arguments, or of stdin without arguments.
diag() {
	if [ $# -gt 0 ]; then printf '%s\n' "$*"; else cat; fi | sed 's/^/# /'
}

plan() { # NUMBER
	tap_plan=$1
	echo "1..$1"
}

skip_all() { # WHY
	echo "1..0 # SKIP $*"
	tap_plan=0
	exit 0
}

pass() { # TITLE
	tap_count=$((tap_count + 1))
	echo "ok $tap_count - $1"
}

fail() { # TITLE
	tap_count=$((tap_count + 1)) tap_failed=$((tap_failed + 1))
	echo "not ok $tap_count - $1"
}

skip() { # TITLE WHY
	tap_count=$((tap_count + 1))
	echo "ok $tap_count - $1 # SKIP $2"
}

# exits STATUS TITLE COMMAND...; its output is shown only if that is wrong.
exits() {
	tap_want=$1 tap_title=$2 tap_got=0
	shift 2
	"$@" >"$scratch/.out" 2>&1 || tap_got=$?
	[ "$tap_got" != "$tap_want" ] || { pass "$tap_title" && return; }
	fail "$tap_title"
	diag "exit status $tap_got, not $tap_want, of: $*"
	head -n 40 "$scratch/.out" | diag
	return 1
}

ok() { # TITLE COMMAND...
	exits 0 "$@"
}

is() { # GOT WANT TITLE
	[ "$1" != "$2" ] || { pass "$3" && return; }
	fail "$3"
	diag "got:  $1"
	diag "want: $2"
	return 1
}

like() { # GOT EXTENDED-REGEX TITLE
	! printf '%s\n' "$1" | grep -Eq -- "$2" || { pass "$3" && return; }
	fail "$3"
	diag "got:  $1"
	diag "no match for: $2"
	return 1
}

done_testing() {
	[ -n "$tap_plan" ] || plan "$tap_count"
	[ "$tap_failed" -eq 0 ] && [ "$tap_count" -eq "$tap_plan" ]
	exit
}

# have PROGRAM...: all of them are installed.
have() {
	for tap_program; do
		command -v "$tap_program" >/dev/null || return 1
	done
}

# start COMMAND...: in the background, output to $scratch/COMMAND.log; its pid
# is in $pid.
start() {
	"$@" </dev/null >>"$scratch/${1##*/}.log" 2>&1 &
	# shellcheck disable=SC2034 # for the test
	pid=$! tap_pids="$tap_pids $!"
}

stop() { # PID: and wait for its end
	kill "$1" 2>/dev/null || return 0
	wait "$1" 2>/dev/null || :
}

at_exit() { # SHELL-WORDS: run at the end, the last one first
	tap_cleanup="$1
$tap_cleanup"
}

# wait_for SECONDS COMMAND...: until the command succeeds; 1 at the deadline.
wait_for() {
	tap_until=$(($(date +%s) + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$(date +%s)" -lt "$tap_until" ] || return 1
		sleep 0.1
	done
}

free_port() { # prints a TCP port that nobody listens on
	python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])'
}

listening() { # PORT
	python3 -c 'import socket, sys
socket.create_connection(("127.0.0.1", int(sys.argv[1])), 1)' "$1"
}

tap_end() {
	tap_status=$?
	trap - EXIT
	eval "$tap_cleanup"
	for tap_pid in $tap_pids; do stop "$tap_pid"; done
	[ -n "$tap_plan" ] || echo 'Bail out! ended early'
	if [ -n "$KEEP" ] && [ "$tap_status" -ne 0 ]; then
		diag "kept: $scratch"
	else
		rm -rf "$scratch"
	fi
	exit "$tap_status"
}
trap tap_end EXIT
trap 'exit 129' HUP INT TERM
