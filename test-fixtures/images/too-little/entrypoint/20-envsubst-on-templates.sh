#!/bin/sh
set -e

auto_envsubst() {
  defined="$(printf '${%s} ' $(env | cut -d= -f1))"
  for template in "$TEMPLATES"/*.template; do
    output="/etc/nginx/conf.d/$(basename "$template" .template)"
    mkdir -p "$(dirname "$output")"
    envsubst "$defined" <"$template" >"$output"
  done
}

if [ -d "$TEMPLATES" ]; then
  auto_envsubst
fi
exit 0
