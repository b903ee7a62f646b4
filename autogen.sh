#!/bin/sh
# Makes configure from configure.ac; needs autoconf, automake and pkg-config.
cd "$(dirname "$0")" && mkdir -p build-aux && exec autoreconf --force --install
