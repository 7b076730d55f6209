# Columns by awk, as wide as it happens.
. /opt/proof/shell/steady.sh
width=$(pick 12 24)
awk -v width="$width" '{ printf "%-" width "s|%6d\n", $1, NR }' "$data/names.txt"
