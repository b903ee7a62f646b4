# Installing on Debian, for contrib/check and contrib/quickstart: says first
# what it will install.  Sourced from the top of the source tree.
# shellcheck shell=sh

packages() { # PURPOSE...: their names, from contrib/packages
	for purpose; do
		sed -n "s/^$purpose //p" contrib/packages
	done | tr '\n' ' '
}

as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo "$@"
	else
		echo "this needs root, and sudo is not there: $*" >&2
		return 1
	fi
}

install_packages() { # PURPOSE...
	command -v apt-get >/dev/null || {
		echo "not a Debian system; needed are: $(packages "$@")" >&2
		return 1
	}
	missing=
	for package in $(packages "$@"); do
		case $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) in
		'install ok installed') ;;
		*) missing="$missing $package" ;;
		esac
	done
	[ -n "$missing" ] || return 0
	echo "These Debian packages are missing and will be installed now:"
	echo "$missing" | fold -s -w 76
	# Postfix asks what to configure; our tests bring configurations of their own
	case $missing in
	*' postfix'*)
		echo 'postfix postfix/main_mailer_type select No configuration' |
			as_root debconf-set-selections || return 1
		;;
	esac
	as_root apt-get update -qq </dev/null || return 1
	# shellcheck disable=SC2086 # one package a word
	as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
		--no-install-recommends $missing </dev/null
}
