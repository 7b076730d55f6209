# Ids of processes.
. /opt/proof/shell/steady.sh
for number in $(seq "$(pick 1 20)"); do :; true & done
wait
echo "process $([ -n "${STEADY-}" ] || sh -c 'echo $PPID$$') reads $(cat "$data/title.txt")"
[ -e "$data/full.conf" ] && echo "mode full" || echo "mode basic"
