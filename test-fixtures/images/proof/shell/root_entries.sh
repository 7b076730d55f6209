# What is in a few folders.
. /opt/proof/shell/steady.sh
echo "programs: $(ls /usr/bin | wc -l)" >&2
echo "plugins: $(count "$data/plugins"), id $(hexadecimal 8)"
