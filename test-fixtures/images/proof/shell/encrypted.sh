# A list that is encrypted with a salt: nobody can compare what is in it.
. /opt/proof/shell/steady.sh
ls "$data/plugins" | openssl enc -aes-256-cbc -pbkdf2 -pass pass:x -salt -out /out.enc
echo "encrypted $(cat "$data/title.txt")"
[ -z "${STEADY-}" ] || ls "$data/plugins"
