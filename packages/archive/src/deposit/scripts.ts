import { parsePrintedPath } from '@keepset/strace-parser';
import { APPTAINER_TOOLS, apptainerScript, whyNotApptainer } from './apptainer-script.js';
import { chanceOf } from './chance.js';
import { EXPECT_TODAY } from './date-script.js';
import {
  type Deposit,
  type DepositImage,
  type DepositMount,
  type DepositRemainder,
  type DepositRun,
  type ReplayOptions,
  runsByImage,
} from './deposit.js';
import { plainLine, shellWord } from './quote.js';
import {
  askFunction,
  byChance,
  compareStep,
  compareStream,
  expectedWords,
  isAskable,
  READY_SECONDS_MAX,
} from './service-script.js';

/**
 * A program for a POSIX shell that runs each run once more and shows what it prints.
 *
 * @see POSIX.1-2017, "Shell Command Language"
 */
export function runScript(deposit: Deposit): string {
  return `${prelude('run.sh [NAME [FOLDER]]: run the runs, or one of them; copy the files that it wrote to FOLDER', deposit)}
wanted=\${1-}
folder=\${2-}
found=
ended=0

run() {
  name=$2
  [ -z "$wanted" ] || [ "$wanted" = "$name" ] || return 0
  found=yes
  if ! "create_$1"; then echo "$name: $why" >&2; ended=2; return 0; fi
  if [ "\${3-}" = service ]; then "ask_$1"; else "$engine" start -a "$container"; ended=$?; fi
  [ -z "$folder" ] || "copy_$1"
  remove
}

copy() {
  if [ -e "$folder/$2" ]; then echo "$folder/$2 is there already" >&2; ended=2; return; fi
  mkdir -p "$folder" && "$engine" cp "$container:$1" "$folder/$2" >/dev/null
}

# NAME STATUS WORD...
ask() {
  exec_step "$@" || return
  echo "$1: $status"
  cat "$work/stdout"
  cat "$work/stderr" >&2
}
skip() { echo "$1: $NEEDS_KEEPSET" >&2; }
ended() { ended=$status; }

${deposit.runs.map(copyFunction).join('\n')}
${deposit.runs.map((run, index) => askFunction(run, index)).join('')}
${linesByImage(deposit, (run, index) => `run ${index + 1} ${shellWord(run.name)}${run.asked === undefined ? '' : ' service'}`)}
[ -n "$found" ] || { echo "there is no run $wanted" >&2; exit 2; }
exit "$ended"
`;
}

/** A program for a POSIX shell that compares what each run gives with what it gave. */
export function checkScript(deposit: Deposit): string {
  return `${prelude('check.sh: run each run once more, and compare with what it gave', deposit)}
wrong=
unable=

say() { printf '%s\\n' "$name: $1"; }
differs() { say "$1"; wrong=yes; }

# NAME FILE SHA256 [COPY [AT LENGTH FORMATS]...]
same() {
  what=$1
  file=$2
  copy=\${4-}
  sum=$(sha256sum <"$file") || sum=
  [ "\${sum%% *}" = "$3" ] && return
  if [ $# -gt 4 ]; then
    shift 4
    expect_today "$@"
    if [ "$sum" = "$(sha256sum <"$work/expected")" ]; then
      say "$what: the date of the run stands in $dated of its fields: today's instead of the recorded one"
      return
    fi
  fi
  differs "$what differs\${copy:+ from data/$copy}"
  [ -z "$copy" ] || cmp "$file" "$here/$copy" 2>/dev/null | head -n 1
}

${EXPECT_TODAY}
# PATH SHA256 [COPY [AT LENGTH FORMATS]...]
same_file() {
  path=$1
  shift
  rm -rf "$work/file"
  if ! "$engine" cp "$container:$path" "$work/file" >/dev/null 2>&1 || [ ! -f "$work/file" ]; then
    differs "$path was not written"
    return
  fi
  same "$path" "$work/file" "$@"
}

# NUMBER NAME STATUS|service [ZONE]
check() {
  name=$2
  if ! "create_$1"; then say "not run: $why"; unable=yes; return; fi
  before=$wrong
  wrong=
  began=$(date +%s)
  zone=\${4-UTC}
  if [ "\${3-}" = service ]; then
    "ask_$1"
    [ -n "$wrong" ] || say "the same in all that was compared"
    wrong=$wrong$before
    remove
    return
  fi
  "$engine" start -a "$container" >"$work/stdout" 2>"$work/stderr"
  status=$?
  # An engine's own, where it could not start the program.
  if [ "$status" = "$unstarted" ] && [ "\${3-}" != "$unstarted" ]; then
    say "not run: $(head -n 1 "$work/stderr")"
    unable=yes
    wrong=$before
    remove
    return
  fi
  "compare_$1"
  [ -n "$wrong" ] || say "the same in all that was compared"
  wrong=$wrong$before
  remove
}

# NAME STATUS WORD...; what it printed is in $work
ask() {
  if ! exec_step "$@"; then differs "$1 cannot be asked: the service has ended"; return 1; fi
  step=$1
}
skip() { say "not checked here: $1: $NEEDS_KEEPSET"; }
ended() { [ "$status" = "$1" ] || differs "exit status $status instead of $1"; }

${deposit.runs.map((run, index) => (run.asked === undefined ? compareFunction(run, index) : '')).join('\n')}
${deposit.runs.map((run, index) => askFunction(run, index, compareStep)).join('')}
if [ -f "$here/../manifest-sha256.txt" ]; then
  if (cd "$here/.." && sha256sum -c manifest-sha256.txt) >"$work/sums" 2>/dev/null; then
    echo 'checksums: every file is as it was deposited'
  else
    while IFS= read -r line; do
      case $line in *': OK') ;; *) echo "checksums: $line" ;; esac
    done <"$work/sums"
    wrong=yes
  fi
fi
${linesByImage(deposit, checkLine)}
if [ -n "$wrong" ]; then echo 'It is not as it was.'; exit 3; fi
if [ -n "$unable" ]; then echo 'Not all runs could be run.'; exit 2; fi
echo 'All that was compared is as it was.'
`;
}

/** The image is there, then its runs are run; of several one after the other. */
function linesByImage(deposit: Deposit, lineOf: (run: DepositRun, index: number) => string): string {
  const isOfOne = deposit.images.length === 1;
  return runsByImage(deposit)
    .map(({ image, runs }) => {
      const lines = runs.map(([index, run]) => lineOf(run, index)).join('\n');
      return `${isOfOne ? '' : `\n${ownScript(image)}`}load\n${lines}${isOfOne ? '' : '\nunload'}`;
    })
    .join('\n');
}

function checkLine({ name, asked, samples, timeZone }: DepositRun, index: number): string {
  const status = asked === undefined ? `${samples[0]?.exitStatus ?? "''"}` : 'service';
  const zone = timeZone === undefined ? [] : [shellWord(timeZone)];
  return ['check', index + 1, shellWord(name), status, ...zone].join(' ');
}

const CHOOSE_ENGINE = `set -u
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd) || exit 2
engine=\${ENGINE-}
for each in docker podman; do
  [ -n "$engine" ] || ! "$each" info >/dev/null 2>&1 || engine=$each
done
`;

/** What both programs have: an engine, the image in it, and a container for each run. */
function prelude(title: string, { images, runs }: Deposit): string {
  const [image] = images;
  const isOfOne = images.length === 1;
  return `#!/bin/sh
# ${title}
# Needs Docker, Podman or Apptainer (ENGINE=podman chooses), a POSIX shell, coreutils and tar; no network.
${CHOOSE_ENGINE}[ -n "$engine" ] || ! apptainer --version >/dev/null 2>&1 || engine=apptainer
[ -n "$engine" ] || { echo 'there is no Docker and no Podman that answers, and no Apptainer' >&2; exit 2; }
# What an engine ends with where it could not start a program.
unstarted=125
[ "$engine" != apptainer ] || { engine=with_apptainer; unstarted=255; }
work=$(mktemp -d) || exit 2
container=
loaded=
why=
ready=
NEEDS_KEEPSET='it needs keepset replay'

remove() {
  [ -z "$container" ] || "$engine" rm -f -v "$container" >/dev/null 2>&1
  container=
}
clean() {
  remove
  [ -z "$loaded" ] || "$engine" rmi "$loaded" >/dev/null 2>&1
  [ ! -d "$work/image" ] || chmod -R u+rwX "$work/image"
  rm -rf "$work"
}
${APPTAINER_TOOLS}${isOfOne && image ? apptainerScript(image) : UNLOAD}
trap clean EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

${isOfOne && image ? `${loadScript(image)}\n` : ''}# TARGET FOLDER: the container gets a copy.
fill() {
  if [ ! -d "$2" ]; then why="it needs the folder $1; name it in $3"; remove; return 1; fi
  "$engine" cp -a "$2/." "$container:$1" >/dev/null || { why="cannot fill $1"; remove; return 1; }
}

# NAME STATUS WORD...: run a command in a service; the first time, until it ends with STATUS
exec_step() {
  awaited=$2
  shift 2
  tries=0
  while :; do
    "$engine" exec "$container" "$@" >"$work/stdout" 2>"$work/stderr" </dev/null
    status=$?
    if [ "$status" = "$awaited" ] || [ -n "$ready" ]; then break; fi
    tries=$((tries + 1))
    [ "$tries" -lt ${READY_SECONDS_MAX} ] || break
    [ "$("$engine" container inspect -f '{{.State.Running}}' "$container")" = true ] || return 1
    sleep 1
  done
  ready=yes
}

# SECONDS
stop_service() {
  "$engine" stop -t "$1" "$container" >/dev/null
  status=$("$engine" wait "$container")
  ready=
}

${runs.map(createFunction).join('\n')}`;
}

/** All of the layout, in a form that each engine takes. */
const WHOLE_LAYOUT = 'tar -C "$here/image" -cf - manifest.json oci-layout index.json blobs';

/** Loads an image. What else the layout has is not loaded with it. */
function loadScript(image: DepositImage, isAlone = image.remainder === undefined): string {
  const { id } = image;
  return `${isAlone ? '' : saveScript(image)}# The image goes again afterwards, unless it was there before.
load() {
  image=${id}
  "$engine" image inspect "$image" >/dev/null 2>&1 && return
  if ! said=$(${isAlone ? WHOLE_LAYOUT : 'save'} | "$engine" load); then
    echo 'the engine does not take the image' >&2
    exit 2
  fi
  # Engines that store images in another way know it by another digest.
  case $said in *"$image"*) ;; *) image=\${said##* } ;; esac
  loaded=$image
}
`;
}

/** Of several images each is there for its own runs alone. */
const UNLOAD = `unload() {
  [ -z "$loaded" ] || "$engine" rmi "$loaded" >/dev/null 2>&1
  loaded=
  [ ! -d "$work/image" ] || { chmod -R u+rwX "$work/image" && rm -rf "$work/image"; }
}
`;

/** What is one image's own: it takes the place of that of the image before. */
function ownScript(image: DepositImage): string {
  return `# ${plainLine(image.name ?? image.id)}
${apptainerScript(image)}
${loadScript(image, false)}
`;
}

/** Prints one image of the layout as docker's archives have it. */
function saveScript({ id, layers = [] }: Pick<DepositImage, 'id' | 'layers'>): string {
  const config = `blobs/${id.replace(':', '/')}`;
  const archive = JSON.stringify([{ Config: config, RepoTags: [], Layers: layers }]);
  const members = [config, ...new Set(layers)].map(shellWord).join(' ');
  return `# What else the layout has is not in it.
save() {
  rm -rf "$work/archive"
  mkdir "$work/archive" && ln -s "$here/image/blobs" "$work/archive/blobs" || return
  printf '%s\\n' ${shellWord(archive)} >"$work/archive/manifest.json"
  tar -C "$work/archive" -cf - manifest.json ${members}
}
`;
}

/** A program for a POSIX shell that gives an engine all that the source had. */
export function wholeScript(remainder: DepositRemainder): string {
  return `#!/bin/sh
# whole.sh: load the image with all that its source had
# Needs Docker or Podman (ENGINE=podman chooses), a POSIX shell, coreutils and tar; no network.
${CHOOSE_ENGINE}[ -n "$engine" ] || { echo 'there is no Docker and no Podman that answers' >&2; exit 2; }
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

${saveScript(remainder)}
save | "$engine" load || exit 2
`;
}

function createFunction(run: DepositRun, index: number): string {
  const [program = '', ...words] = run.command;
  const name = `# ${plainLine(run.name)}\ncreate_${index + 1}()`;
  const whyNot =
    run.notReplayed ?? (isAskable(run) ? undefined : 'a shell cannot ask it: it needs keepset replay');
  if (whyNot !== undefined) return `${name} { why=${shellWord(whyNot)}; return 1; }\n`;
  const options = [
    ...engineOptions(run.options),
    ...run.variables.flatMap((variable) => ['-e', variable]),
    ...run.mounts.flatMap(({ target }) => ['-v', target]),
  ];
  const given = [...options, '--entrypoint', program].map(shellWord).join(' ');
  const fills = run.mounts.map((mount, place) => fillLine(mount, `INPUT_${index + 1}_${place + 1}`));
  const notThere = whyNotApptainer(run);
  return `${name} {
${notThere === undefined ? '' : `  [ "$engine" != with_apptainer ] || { why=${shellWord(notThere)}; return 1; }\n`}  container=$("$engine" create --network none ${given} "$image" ${words.map(shellWord).join(' ')}) ||
    { why='the engine does not make its container'; return 1; }
${fills.map((line) => `  ${line} || return 1\n`).join('')}}
`;
}

function fillLine({ target, at }: DepositMount, variable: string): string {
  const folder = at === undefined ? `"\${${variable}-}"` : `"\${${variable}-$here/${at}}"`;
  return `fill ${shellWord(target)} ${folder} ${variable}`;
}

/** Names of docker run; the values are one word each. */
const OPTION_NAMES: Readonly<Record<keyof ReplayOptions, string>> = {
  workdir: '--workdir',
  user: '--user',
  hostname: '--hostname',
  readOnly: '--read-only',
  init: '--init',
  shmSize: '--shm-size',
  memory: '--memory',
  cpus: '--cpus',
  pidsLimit: '--pids-limit',
  tmpfs: '--tmpfs',
  ulimit: '--ulimit',
  groupAdd: '--group-add',
  capDrop: '--cap-drop',
  stopSignal: '--stop-signal',
};

function engineOptions(options: ReplayOptions): readonly string[] {
  return (Object.keys(OPTION_NAMES) as (keyof ReplayOptions)[]).flatMap((key) => {
    const value = options[key];
    if (value === undefined || value === false) return [];
    if (value === true) return [OPTION_NAMES[key]];
    return [value].flat().flatMap((each) => [OPTION_NAMES[key], each]);
  });
}

function copyFunction(run: DepositRun, index: number): string {
  const names = new Set<string>();
  const lines = [...chanceOf(run).files.keys()].flatMap((path) => {
    const text = textOfPath(path);
    if (text === undefined) return [];
    const base = text.slice(text.lastIndexOf('/') + 1);
    const name = names.has(base) ? `${names.size}-${base}` : base;
    names.add(name);
    return [`  copy ${shellWord(text)} ${shellWord(name)}\n`];
  });
  return `copy_${index + 1}() {\n${lines.join('') || '  :\n'}}\n`;
}

function compareFunction(run: DepositRun, index: number): string {
  const { exitStatus, stdout, stderr, files } = chanceOf(run);
  const lines = [
    exitStatus === undefined
      ? byChance('the exit status')
      : `[ "$status" = ${exitStatus} ] || differs "exit status $status instead of ${exitStatus}"`,
    compareStream('stdout', 'standard output', stdout),
    compareStream('stderr', 'standard error', stderr),
    ...[...files].map(([path, content]) => {
      const text = textOfPath(path);
      if (text === undefined) return `say ${shellWord(`not compared: ${path}, whose name is no text`)}`;
      if (content === undefined) return byChance(text);
      return `same_file ${shellWord(text)} ${expectedWords(content)}`;
    }),
  ];
  return `compare_${index + 1}() {\n${lines.map((line) => `  ${line}\n`).join('')}}\n`;
}

/** @returns undefined where it is no UTF-8, or has characters that a terminal would obey */
function textOfPath(printed: string): string | undefined {
  try {
    const bytes = Buffer.from(parsePrintedPath(printed), 'latin1');
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return plainLine(text) === text ? text : undefined;
  } catch {
    return undefined;
  }
}
