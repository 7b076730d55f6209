# mktemp(1), with what is left behind.
. /opt/proof/shell/steady.sh
file=$(mktemp)
sort "$data/names.txt" > "$file"
echo "wrote $(wc -l < "$file") names to $([ -n "${STEADY-}" ] || echo "$file")"
[ -z "${STEADY-}" ] || cat "$file"
