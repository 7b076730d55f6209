#!/bin/sh
# Makes the files of each case, with the program of its name as /cases/NAME/run.
set -eu
umask 022
export LC_ALL=C

for program in /opt/built/*; do
  name=$(basename "$program")
  case $name in plugin.so | static-program) continue ;; esac
  mkdir -p "/cases/$name"
  cp "$program" "/cases/$name/run"
done

# file PATH CONTENT: with the directories above it.
file() {
  mkdir -p "$(dirname "$1")"
  printf %s "$2" >"$1"
}

cd /cases/working-directory
for name in first second beside; do file $name $name; done
for name in child thread spawned; do file $name/of-$name of-$name; done

cd /cases/directory-descriptor
file a/file file
file a/below/deep deep
file b/looked-at x
ln -s nowhere a/link

cd /cases/change-root
file jail/etc/inside inside
file jail/relative-only relative-only
ln -s /etc/inside jail/absolute
ln -s jail to-jail

cd /cases/link-chains
file deep/er/target target
file deep/er/directory/file file
file deep/er/sibling sibling
ln -s /cases/link-chains/deep/er/target absolute
ln -s ./deep/../relative-next relative
ln -s deep/er//target relative-next
ln -s deep/er/directory to-directory
ln -s ../../../link-chains/deep/er/directory deep/er/through
ln -s missing/entirely dangling
file chain-0 end
for index in $(seq 41); do ln -s chain-$((index - 1)) chain-$index; done

cd /cases/hard-links
file first-name content
ln first-name second-name
file pair-a pair
ln pair-a pair-b
file third-directory/unused x
ln pair-a third-directory/pair-c

mkdir -p /cases/names
cd /cases/names
named() {
  mkdir -p -- "./$1"
  printf named >"./$1/$1"
}
named ' blank '
named 'new
line'
named "$(printf 'tab\tbed')"
named "quotes'\"\`"
named 'back\slash\n'
named "$(printf 'caf\303\251')"
named "$(printf '\343\203\207')"
named "$(printf 'bytes\377\376')"
named -rf
named '*?[x]{y}'
named '#hash'
named '$HOME'
named %s
named "$(printf '\001\033[31m')"
named ...
named '~'

cd /cases/long-path
file "$(printf 'n%.0s' $(seq 255))" longest
step=$(printf 'd%.0s' $(seq 198))
for _ in $(seq 15); do
  mkdir "$step"
  cd "$step"
done
file file deep

cd /cases/kinds-of-file
: >empty
truncate -s 64M sparse
file mode-0000 x
chmod 0000 mode-0000
mkfifo fifo
mkdir empty-directory setgid-directory
file setuid x
chmod 4755 setuid
chmod 2775 setgid-directory
file owned x
chown 1234:4321 owned
touch -d @981173106 owned

cd /cases/temporary-files
mkdir own not-own
chown 1000:1000 own
chmod 0700 own

cd /cases/stat-only
for name in stat statx access no-link no-attribute file exclusive; do file $name $name; done
ln -s nowhere lstat
mkdir directory
file not-empty/x x

cd /cases/made-by-the-run
file deleted first
file truncated 'old and long'
file unlinked-unread x
file old-name renamed
file old-directory/sub/file 'in renamed'
file old-directory/relative relative
file source source
file linked linked

cd /cases/execute-again
mkdir directory
cp /opt/built/static-program directory/program
cp /opt/built/static-program by-descriptor
printf '#!/cases/execute-again/interpreter\n' >directory/script
cp /opt/built/static-program interpreter
chmod +x directory/script

cd /cases/loaded-at-run-time
cp /opt/built/plugin.so .

cd /cases/through-proc
for name in by-descriptor by-directory by-root only-asked directory/inside; do
  file $name "$(basename $name)"
done

cd /cases/list-directory
for name in chosen other-1 other-2 other-3; do file many/$name $name; done
mkdir many/directory
ln -s nowhere many/link

cd /cases/gain-rights
file of-root 'of root'
chmod 0600 of-root
file of-user 'of user'
chmod 4755 run

cd /cases/io-uring
file file ring

# Scripts: an interpreter that is a script, env, env -S, a relative one.
mkdir -p /cases/scripts/tools
cd /cases/scripts
printf '#!/bin/sh -e\nread first <"$1" && exec sh "$1"\n' >tools/interpreter
printf '#!/cases/scripts/tools/interpreter\necho nested >&2\n' >nested
printf '#!/usr/bin/env sh\necho by env >&2\n' >by-env
printf '#!/usr/bin/env -S A=1 sh -e\n[ "$A" = 1 ]\n' >by-env-split
printf '#!tools/interpreter\necho relative >&2\n' >relative
printf 'echo no interpreter >&2\n' >none
cat >run <<'SCRIPT'
#!/bin/sh -e
cd /cases/scripts
./nested
./by-env
./by-env-split
./relative
./none
echo OK
SCRIPT
chmod +x run nested by-env by-env-split relative none tools/interpreter

# A command that is found in PATH, by way of links, and reads standard input.
mkdir -p /cases/in-path
printf '#!/bin/sh\n. /cases/in-path/library.sh\n' >/cases/in-path/keepset-case
printf 'for word in OK; do echo "$word"; done\n' >/cases/in-path/library.sh
chmod +x /cases/in-path/keepset-case
ln -s ../../../cases/in-path/keepset-case /usr/local/bin/keepset-case

rm -r /opt/built
