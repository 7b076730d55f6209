/**
 * A function of `check.sh`, for a file that differs from what it was: `$work/expected` gets what is expected of today. Of each
 * date of the recorded run, `$file` may have it as it was, or one of the moments of its own run in the same spelling; the
 * longest that stands there counts, since a date is followed by no digit. All else is the copy's, byte by byte.
 */
export const EXPECT_TODAY = `# [AT LENGTH FORMATS]...: of each date of the recorded run in $copy
expect_today() {
  now=$(date +%s)
  dated=0
  copied=0
  : >"$work/expected"
  while [ $# -gt 0 ]; do
    tail -c "+$((copied + 1))" "$here/$copy" | head -c "$(($1 - copied))" >>"$work/expected"
    recorded=$(tail -c "+$(($1 + 1))" "$here/$copy" | head -c "$2")
    place=$(wc -c <"$work/expected")
    there=$(tail -c "+$((place + 1))" "$file" | head -c 64 | tr '\\0' '?')
    printf '%s\\n' "$recorded" >"$work/dates"
    for each in UTC "$zone"; do
      seq -f '@%.0f' "$began" "$(((now - began) / 3600 + 1))" "$now" |
        LC_ALL=C TZ=$each date -f - "+$3" >>"$work/dates"
    done
    chosen=
    while IFS= read -r each; do
      case $there in "$each"*) [ "\${#each}" -le "\${#chosen}" ] || chosen=$each ;; esac
    done <"$work/dates"
    chosen=\${chosen:-$recorded}
    [ "$chosen" = "$recorded" ] || dated=$((dated + 1))
    printf %s "$chosen" >>"$work/expected"
    copied=$(($1 + $2))
    shift 3
  done
  tail -c "+$((copied + 1))" "$here/$copy" >>"$work/expected"
}
`;
