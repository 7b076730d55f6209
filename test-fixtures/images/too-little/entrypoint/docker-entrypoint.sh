#!/bin/sh
# As nginx's own image has it: each script of a folder, then the command.
set -e
for script in /docker-entrypoint.d/*; do
  case "$script" in
    *.envsh) . "$script" ;;
    *.sh) "$script" ;;
  esac
done
exec "$@"
