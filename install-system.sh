#!/usr/bin/env bash
# What pip cannot install: bubblewrap closes student code off, libseccomp filters its system calls, g++ compiles
# homework in CUDA C (without it, those exercises alone wait for a person).
# Installs them where it may, and otherwise says how.
set -euo pipefail

missing=()
command -v bwrap >/dev/null || missing+=(bubblewrap)
ldconfig -p 2>/dev/null | grep -q 'libseccomp\.so\.2' || compgen -G '/usr/lib/*/libseccomp.so.2*' >/dev/null || missing+=(libseccomp2)
command -v g++ >/dev/null || missing+=(g++)
[ ${#missing[@]} -eq 0 ] && exit 0
refused=1
[ "${missing[*]}" = g++ ] && refused=0 # all else works without it

install="apt-get install -y ${missing[*]}"
if ! command -v apt-get >/dev/null; then
    echo "Please install ${missing[*]} with this system's package manager, then run the command again." >&2
    exit "$refused"
elif [ "$(id -u)" -eq 0 ]; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive $install -qq
elif sudo -n true 2>/dev/null; then
    sudo apt-get update -qq && sudo DEBIAN_FRONTEND=noninteractive $install -qq
else
    echo "Please run: sudo apt-get update && sudo $install" >&2
    exit "$refused"
fi
