#!/bin/sh
# make-metadata FOLDER: many of the names could not be checked out everywhere.
set -eu
umask 022
export LC_ALL=C
mkdir "$1"
cd "$1"
for mode in 0000 0644 0755 4755 2755 1777; do echo "$mode" >mode-$mode; done
echo plain >owned && chown 1234:4321 owned
echo big >owned-by-many && chown 3000000:3000001 owned-by-many
for mode in 0000 0644 0755 4755 2755 1777; do chmod $mode mode-$mode; done
echo old >old && touch -d '2001-02-03 04:05:06' old
echo fine >fine && touch -d '2011-12-13 14:15:16.123456789' fine
cp /bin/true capable
/fidelity/set-attribute capable security.capability 0100000200040000000000000000000000000000
echo attribute >attribute && /fidelity/set-attribute attribute user.note 00ff0a3d
# An access control list: user::rw-, user:1500:r--, group::r--, mask::r--, other::r--
echo acl >acl
/fidelity/set-attribute acl system.posix_acl_access 0200000001000600ffffffff02000400dc05000004000400ffffffff10000400ffffffff20000400ffffffff
# The same as what a folder gives to what is made in it.
mkdir heritable
/fidelity/set-attribute heritable system.posix_acl_default 0200000001000700ffffffff02000500dc05000004000500ffffffff10000500ffffffff20000500ffffffff
echo linked >hard-1 && ln hard-1 hard-2 && mkdir elsewhere && ln hard-1 elsewhere/hard-3
truncate -s 8M sparse && printf middle | dd of=sparse bs=1 seek=4194304 conv=notrunc status=none
ln -s old link && ln -s nowhere dangling && ln -s /etc/passwd absolute && chown -h 1234:4321 link
mkfifo fifo && mkdir empty && chmod 1770 empty && chown 7:8 empty
: >zero-bytes
touch "$(printf 'bytes\377\376')" "$(printf 'new\nline')" 'a blank' -- "-dash"
ln -s "$(printf 'to\377\nline')" "$(printf 'link\377')"
mkdir "$(printf 'folder\377')" && echo in >"$(printf 'folder\377/in')"
long=$(printf 'n%.0s' $(seq 200))
mkdir "$long" && echo long >"$long/$long"
mkdir many && cd many && for number in $(seq 2000); do : >"file-$number"; done
