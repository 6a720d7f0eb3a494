#!/bin/sh
# Stands in for rustc in a release build, and names this machine's folders as every other's. The same flags in RUSTFLAGS
# would come into the names that cargo gives to files, and with these into the programs.
rustc=$1
shift
exec "$rustc" "$@" \
  "--remap-path-prefix=$KEYREEVE_SOURCE=/keyreeve" \
  "--remap-path-prefix=$KEYREEVE_CARGO_HOME=/cargo" \
  "--remap-path-prefix=$KEYREEVE_SYSROOT=/rust"
