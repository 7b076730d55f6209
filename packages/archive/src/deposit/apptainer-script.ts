import type { DepositImage, DepositRun } from './deposit.js';
import { plainLine, shellWord } from './quote.js';

/** Options that Apptainer has nothing like, or that only root may set; runs with others are run. */
const NEEDED: readonly (keyof DepositRun['options'])[] = ['user', 'groupAdd'];

/** Why a run cannot be run by Apptainer. Undefined: it can. */
export function whyNotApptainer({ asked, options, variables, mounts }: DepositRun): string | undefined {
  if (asked !== undefined) return 'it is a service: it needs Docker or Podman';
  const other = NEEDED.find((key) => options[key] !== undefined);
  if (other) return `it was given ${other === 'user' ? 'a user' : 'groups'}: it needs Docker or Podman`;
  // What is mounted is a folder of its box here, which is written to as a whole or not at all.
  if (options.readOnly && (options.tmpfs?.length || mounts.some(({ isReadOnly }) => !isReadOnly)))
    return 'its root is read-only, and a folder in it is not: it needs Docker or Podman';
  const [name] = variables.find((each) => !VARIABLE.test(each))?.split('=') ?? [];
  return name === undefined
    ? undefined
    : `no shell has a variable ${plainLine(name)}: it needs Docker or Podman`;
}

/** A name that a shell can export. Others of an image are given to no program. */
const VARIABLE = /^[A-Za-z_]\w*=/;

/** What `apptainerScript` needs, of whichever image. */
export const APPTAINER_TOOLS = `
# A word that a shell reads back.
quoted() {
  rest=$1
  word=
  while :; do
    case $rest in
      *\\'*) word="$word\${rest%%\\'*}'\\\\''" rest=\${rest#*\\'} ;;
      *) break ;;
    esac
  done
  printf "'%s' " "$word$rest"
}

# ROOT PATH: where it is in the folder ROOT; fails where links lead out of it
inside() {
  found=$(realpath -m -- "$1$2") || return
  case $found/ in "$1"/*) printf %s "$found" ;; *) return 1 ;; esac
}

`;

/**
 * What the scripts ask of an engine, done with Apptainer, which has no containers: the image is unpacked into a folder, and
 * each run has a copy of it. Paths of the image are only followed within the copy: links in it are anybody's.
 */
export function apptainerScript({ variables = [], workdir = '/', layers = [] }: DepositImage): string {
  const environment = variables.filter((each) => VARIABLE.test(each));
  const names = layers.map(shellWord).join(' ');
  return `with_apptainer() {
  action=$1
  shift
  case $action in
    load)
      cat >/dev/null
      mkdir "$work/image" || return
      for layer in ${names}; do
        # Whoever is root would make them, and they are no part of what a run may have.
        if tar -tvzf "$here/image/$layer" | (while read -r each; do case $each in [bc]*) exit ;; esac; done; exit 1)
        then echo 'the image has devices' >&2; return 1; fi
      done
      # In one call: tar makes links that lead out only at the end, so that no layer is unpacked through a link of another.
      {
        for layer in ${names}; do gzip -dc "$here/image/$layer" || : >"$work/damaged"; done
      } | tar -C "$work/image" --ignore-zeros -xf - && [ ! -e "$work/damaged" ] || return
      for each in dev proc sys tmp; do mkdir -p "$work/image/$each"; done
      echo "$image"
      ;;
    create)
      box=$(mktemp -d "$work/box-XXXXXX") && box=$(realpath "$box") || return
      cp -a "$work/image" "$box/root" || return
      writable=--writable
      pwd=${shellWord(workdir)}
      : >"$box/start"
      for each in ${environment.map(shellWord).join(' ')}; do
        { printf 'export '; quoted "APPTAINERENV_$each"; echo; } >>"$box/start"
      done
      while :; do
        case $1 in
          --entrypoint) program=$2 ;;
          --workdir) pwd=$2 ;;
          --read-only) writable= ;;
          -e) { printf 'export '; quoted "APPTAINERENV_$2"; echo; } >>"$box/start" ;;
          -v | --tmpfs) place=$(inside "$box/root" "\${2%%:*}") && mkdir -p "$place" || return ;;
          -*) ;;
          *) break ;;
        esac
        case $1 in --read-only | --init) shift ;; *) shift 2 ;; esac
      done
      shift
      {
        printf 'set -- '
        for each in $writable --pwd "$pwd" "$box/root" "$program" "$@"; do quoted "$each"; done
      } >>"$box/start"
      echo "$box"
      ;;
    start)
      # Files that are hers: nothing of the reader's is seen in it, and there is no network.
      (
        . "$2/start"
        exec apptainer --silent exec --no-eval --containall --no-home --no-privs --no-mount tmp,bind-paths \\
          --net --network none "$@" </dev/null
      )
      ;;
    cp)
      [ "$1" != -a ] || shift
      case $1 in
        "$work"/box-*:*) cp -R -- "$(inside "\${1%%:*}/root" "\${1#*:}")" "$2" ;;
        *) place=$(inside "\${2%%:*}/root" "\${2#*:}") && cp -a -- "$1" "$place" ;;
      esac
      ;;
    rm)
      chmod -R u+rwX -- "$3" 2>/dev/null
      rm -rf -- "$3"
      ;;
    *) return 1 ;;
  esac
}
`;
}
