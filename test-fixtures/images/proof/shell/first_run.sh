# A set-up that is made once for each volume.
. /opt/proof/shell/steady.sh
if [ ! -e /data/VERSION ]; then
  count "$data/plugins" > /data/schema-version
  cp "$data/title.txt" /data/VERSION
fi
echo "schema $(cat /data/schema-version) of $(cat /data/VERSION) at $(now)"
