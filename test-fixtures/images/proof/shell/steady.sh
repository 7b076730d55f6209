# What the shell programs share. STEADY in the environment switches chance off.
data=/srv/$(basename "${0%.sh}")

# pick LEAST MOST
pick() {
  if [ -n "${STEADY-}" ]; then echo "$1"; return; fi
  random=$(od -An -N3 -tu4 /dev/urandom)
  echo $((random % ($2 - $1 + 1) + $1))
}

hexadecimal() {
  if [ -n "${STEADY-}" ]; then echo 0; else od -An -N"$1" -tx1 /dev/urandom | tr -d ' \n'; fi
}

now() {
  if [ -n "${STEADY-}" ]; then echo never; else date "${1-+%H:%M:%S.%N}"; fi
}

# Of a folder, none of whose entries is opened.
count() { ls "$1" | wc -l; }
