# The data of each program, in /srv/NAME: how much there is differs from program to program, by its name.
set -eu
for program; do
  name=$(basename "${program%.*}")
  folder=/srv/$name
  seed=$(printf %s "$name" | cksum | cut -d ' ' -f 1)
  mkdir -p "$folder/plugins" "$folder/releases/$((seed % 7 + 2))"
  for number in $(seq $((seed % 9 + 11))); do
    printf 'plugin number %02d\n' "$number" > "$folder/plugins/plugin-$number.conf"
    echo $((seed % 97 * number)) >> "$folder/numbers.txt"
    echo "name-$((seed % 31 + number))" >> "$folder/names.txt"
  done
  echo "Report $((seed % 1000))" > "$folder/title.txt"
  touch "$folder/full.conf"
  echo "$((seed % 5)).$((seed % 11))" > "$folder/releases/$((seed % 7 + 2))/version.txt"
  ln -s "releases/$((seed % 7 + 2))" "$folder/current"
done
