# Gathers the programs of a toolbox into /toolbox: each program, the dynamic loader, and the libraries that it would map.
set -e
mkdir -p /toolbox/bin /toolbox/lib
for program in strace setpriv tar find xargs head cat env sleep bash; do
  file=$(readlink -f "$(command -v "$program")")
  cp "$file" "/toolbox/bin/$program"
  ldd "$file" | sed -n 's/.* => \(\/[^ ]*\) .*/\1/p' | while read -r library; do cp -L "$library" /toolbox/lib/; done
  ldd "$file" | sed -n 's/^[[:space:]]*\(\/[^ ]*\) (0x.*/\1/p' | while read -r loader; do cp -L "$loader" /toolbox/loader; done
done
