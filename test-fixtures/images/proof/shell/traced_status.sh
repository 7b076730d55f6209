# Another way where a tracer is there.
. /opt/proof/shell/steady.sh
tracer=$(awk '/^TracerPid/ { print $2 }' /proc/self/status)
[ "$tracer" = 0 ] && cat "$data/title.txt" || echo "basic mode"
echo "id $(hexadecimal 4)"
