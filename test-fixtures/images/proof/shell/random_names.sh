# Random names, joined with what never varies.
. /opt/proof/shell/steady.sh
echo "run_$(hexadecimal 4)_$(count "$data/plugins")"
echo "container-$(hexadecimal 6): $(cat "$data/current/version.txt")"
