# A counter that is drawn over by the next.
. /opt/proof/shell/steady.sh
steps=$(pick 3 9)
for step in $(seq "$steps"); do printf '\r%d of %d' "$step" "$steps"; done
printf '\rdone: %s\n' "$(wc -l < "$data/numbers.txt")"
