# Brings the stack up, tests it from within and from without, and takes it down.
set -e
trap 'docker-compose -f compose.yaml down -v -t 2' EXIT
docker-compose -f compose.yaml up -d
docker-compose -f compose.yaml run --rm test
address=$(docker-compose -f compose.yaml port web 8000)
python3 -c "import json, urllib.request; print(json.load(urllib.request.urlopen('http://$address/'))['7'])"
docker-compose -f compose.yaml exec -T database psql -h 127.0.0.1 -U postgres -Atc 'select count(*) from results'
docker-compose -f compose.yaml exec -T cache redis-cli llen jobs
