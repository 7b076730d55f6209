# Dates as date(1) prints them.
. /opt/proof/shell/steady.sh
echo "started: $(now +%c)"
cat "$data/title.txt"
echo "$(now +%s) $(count "$data/plugins") plugins $(now +%F)"
