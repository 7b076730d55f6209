# Jobs in the background end in any order.
. /opt/proof/shell/steady.sh
for job in one two three; do
  { [ -n "${STEADY-}" ] || sleep "0.0$(pick 1 9)"; echo "job $job: $(grep -c . "$data/names.txt") names"; } &
  [ -z "${STEADY-}" ] || wait
done
wait
echo "plugins: $(count "$data/plugins")"
