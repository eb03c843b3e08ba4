#!/bin/sh
# A replica that is only read, on the machine that serves it: replicate.sh [HOST:]HOME REPLICA, then `casereviews --home REPLICA/current
# serve ...`. Run it after each refresh, and at once after each withdrawal.
#
# A whole copy is made beside the last one (what did not change is linked, not copied), `current` is turned to it in one step, and the last one
# goes, with all that was withdrawn: a search sees the old home or the new one, and nothing between. HOME's lock is held meanwhile.
set -eu
home=${1%/} replica=${2%/}
next=copy-$(date -u +%Y%m%dT%H%M%S)-$$
mkdir -p -m 700 "$replica"
last=$(readlink "$replica/current" || true)
set -- --archive --no-owner --no-group --exclude=/lock --exclude='*-shm' ${last:+--link-dest="../$last"}

case $home in
*:*) rsync "$@" --rsync-path="flock -w 600 '${home#*:}/lock' rsync" "$home/" "$replica/$next/" ;;
*) flock -w 600 "$home/lock" rsync "$@" "$home/" "$replica/$next/" ;;
esac

ln -s "$next" "$replica/turn-$$"
mv -T "$replica/turn-$$" "$replica/current"
find "$replica" -mindepth 1 -maxdepth 1 -name 'copy-*' ! -name "$next" -exec rm -rf {} +
