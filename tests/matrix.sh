#!/usr/bin/env bash
# The tool in a fresh Debian, behind both walls: tests/matrix.sh FOLDER SUITE [PYTHON]
# FOLDER keeps the system for the next time, SUITE is bookworm or trixie, PYTHON the folder of an interpreter of this machine that
# is taken in place of the system's own (…/bin/python3). Needs root, debootstrap and the registries of Debian and PyPI;
# MIRROR, if set, is Debian's in place of the one that debootstrap knows.
set -euo pipefail
folder=$(realpath -m "$1")/$2 suite=$2 python=${3:-}
checkout=$(realpath "$(dirname "$0")/..")
needed=python3-venv,bubblewrap,libseccomp2,g++,mount,ca-certificates

if [ ! -e "$folder/.ready" ]; then
    rm -rf "$folder"
    mkdir -p "$folder"
    debootstrap --variant=minbase --include=$needed "$suite" "$folder" ${MIRROR:-}
    touch "$folder/.ready"
fi
for file in /etc/resolv.conf /etc/hosts /etc/pip.conf /etc/ssl/certs/ca-certificates.crt; do
    [ ! -e "$file" ] || cp -L "$file" "$folder$file"
done
rm -rf "$folder/tool" "$folder/venv"
mkdir -p "$folder/old" "$folder/python" "$folder/tool"
git -C "$checkout" ls-files -z | tar -C "$checkout" --null -cT - | tar -xC "$folder/tool"

# In there: a tool installed from a copy, the second course built and each of its promises kept behind either wall.
inside='
cd /tool/examples/numpy_course
python=/usr/bin/python3; [ ! -x /python/bin/python3 ] || python=/python/bin/python3
"$python" --version && "$python" -m venv /venv && /venv/bin/pip install --quiet /tool
for wall in namespaces landlock; do
    AUTOGRADER_WALL=$wall /venv/bin/autograder doctor
    AUTOGRADER_WALL=$wall /venv/bin/autograder verify arrays
done'
export folder python inside
exec unshare --mount --pid --fork --propagation private bash -euc '
mount --bind "$folder" "$folder"
cd "$folder"
mount -t proc proc proc
mount --rbind /dev dev
[ -z "$python" ] || mount --bind -o ro "$python" python
pivot_root . old
umount -l old
exec env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 bash -euc "$inside"'
