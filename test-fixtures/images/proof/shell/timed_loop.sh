# As many rounds as fit.
. /opt/proof/shell/steady.sh
rounds=$(pick 20 40)
while [ "$rounds" -gt 0 ]; do echo "round of $(cat "$data/current/version.txt")"; rounds=$((rounds - 1)); done
echo "sum: $(awk '{ sum += $1 } END { print sum }' "$data/numbers.txt")"
