import type { Failure, FailureCode } from '@keepset/shrinker/failure';

/** What to do about a failure; a function where that depends on its facts, or adds to what the library says. */
type Hint = string | ((failure: Failure) => string | undefined);

/**
 * What the command line says to do, by the code of the failure: the one place that names its options for a library's
 * error. Where a code is missing, the library's own hint is shown.
 */
const HINTS: Readonly<Partial<Record<FailureCode, Hint>>> = {
  BUILD_NO_INSTRUCTION:
    'Use keepset shrink with --builder direct, or with -o type=oci: both carry any configuration.',
  BUILD_NOT_REMOVED: 'Use --builder direct.',
  BUILD_OUTPUT_FAILED: ({ facts, hint }) =>
    facts.type === 'tar' ? 'Use -o type=oci or -o type=local, or --layers one.' : hint,
  CHECK_FAILED:
    'It was not named. Trace these commands as well (--run), keep what they lack (--keep), or let them only warn (--checks advise).',
  // Without a hint of the library's it was not the command that failed: it could not be started.
  COMMAND_FAILED: ({ hint }) => hint && 'Correct the command, or use --allow-failure if it is meant to fail.',
  COMMAND_FLAKY: 'Make the command end in one way, or use --allow-flaky.',
  REGISTRY_UNTRUSTED: ({ hint }) => sentences(hint, '--insecure asks it all the same.'),
  RESULT_FLAKY:
    'It was not named. For what may differ: --ignore-output REGEX, --ignore-file PATTERN; or make the command do the same each time.',
  VERIFIED_IN_PART:
    'It was not named. Make these the same in each run, or name them: --ignore-output REGEX, --ignore-file PATTERN. Without --strict this is said in the summary.',
  COMMAND_MISSING: 'Give the command after IMAGE.',
  COMMAND_NOT_EXECUTABLE: 'Check its mode, and the user of the run (--user).',
  COMMAND_NOT_FOUND: ({ hint }) => sentences(hint, 'Options of keepset go before IMAGE.'),
  ARCHITECTURE_UNKNOWN: 'Leave out --harden.',
  HARDENING_FAILED:
    'It was not named, and no rights were written. Leave out --harden, or say what may differ: --ignore-output REGEX, --ignore-file PATTERN.',
  HEALTHCHECK_MISSING: 'Use another sign that it is ready: --ready port=80, http=/path, log=REGEX.',
  NO_ENGINE: ({ facts, hint }) =>
    facts.wanted === 'dockerfile'
      ? 'Leave out --builder dockerfile: the image is the same.'
      : facts.wanted === 'place'
        ? 'Write it to a file: -o type=oci,dest=FILE.'
        : hint,
  NOT_RUN: ({ facts }) =>
    `${facts.wanted === 'proof' ? 'Add --no-verify' : facts.wanted === 'checks' ? 'Leave out --check' : 'Give --locked LIST or --from FILE'}, or load it into an engine (docker load, skopeo copy), and name it there.`,
  OVER_SHRUNK: ({ hint }) => sentences(hint, 'Without --strict this is a warning.'),
  SERVICE_NOT_READY:
    'Name what shows that it is ready (--ready), or give it more time (--ready-timeout SECONDS).',
  SERVICE_UNASKED: ({ facts }) =>
    `Say what to ask of it: --http /, --probe 'COMMAND', --exec 'COMMAND'${facts.healthCheck === undefined ? '' : ', --ready healthy'}; it is stopped afterwards.`,
  SERVICE_UNREACHABLE: 'Its network is cut off: ask it from inside (--exec), or leave out --network.',
  STEP_FAILED: 'Correct what is asked, or its port (:PORT/path), or name what to wait for first (--ready).',
  STEP_TOO_LONG: 'Let it ask for less, or give it more time (--step-timeout SECONDS).',
  TOOLBOX_UNAVAILABLE: ({ facts, hint }) => TOOLBOX_HINTS.get(facts.source) ?? hint,
  TRACE_NOT_TRUSTED:
    'Give these options again, before IMAGE, where you mean them; or --trust, where the file is your own.',
  USER_NOT_FOUND: 'Name a user that the image has, or a numeric one (--user 1000:1000).',
  VERIFICATION_FAILED: ({ facts: { listedDirectories, isComposed } }) =>
    isComposed !== undefined
      ? 'It was not named. For what must stay: --keep PATTERN.'
      : Number(listedDirectories) > 0
        ? `It was not named. ${listedDirectories === 1 ? 'A directory was' : `${listedDirectories} directories were`} listed: try --listed keep. For what may differ: --ignore-output REGEX, --ignore-file PATTERN.`
        : 'It was not named. For what may differ: --ignore-output REGEX, --ignore-file PATTERN; for what must stay: --keep PATTERN.',
};

/** By where the toolbox was to come from. */
const TOOLBOX_HINTS: ReadonlyMap<unknown, string> = new Map([
  [
    'auto',
    'Install strace, GNU tar, findutils, util-linux and bash here, or use --toolbox image=REF, --toolbox install or --toolbox ./DIR.',
  ],
  ['host', 'Install strace, GNU tar, findutils, util-linux and bash here, or use --toolbox image.'],
  [
    'image',
    '--toolbox image builds one; an image of your own must hold /toolbox/loader, /toolbox/bin and /toolbox/lib.',
  ],
  [
    'install',
    'Use --toolbox host or --toolbox image; --toolbox install needs a package manager in IMAGE, and the network.',
  ],
]);

/** @returns the command line's hint for a failure, else that of the library, if there is one */
export function hintFor(failure: Failure): string | undefined {
  const hint = HINTS[failure.code] ?? failure.hint;
  return typeof hint === 'function' ? hint(failure) : hint;
}

function sentences(...all: readonly (string | undefined)[]): string {
  return all.filter((each) => each !== undefined).join(' ');
}
