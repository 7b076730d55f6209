# What fails where it was done before.
. /opt/proof/shell/steady.sh
mkdir /data/run1 || exit 1
count "$data/plugins" | tee /data/run1/count
echo "took $(pick 10 5000) ms"
