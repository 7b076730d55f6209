# Everything of a kind that the image has.
. /opt/proof/shell/steady.sh
echo "libraries: $(find /usr/lib -name '*.so*' | wc -l), at $(now)"
