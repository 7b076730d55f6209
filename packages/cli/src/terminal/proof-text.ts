import type { ContainerDifference, ProvedContainer, ProvedRepair, RecordingProof } from '@keepset/shrinker';
import { counted, rowsText, some } from './recording-text.js';

/** What is said beside the proof. */
export interface ProofTextOptions {
  readonly folder: string;
  /** How often the command might have been run again. */
  readonly samplesMax: number;
  /** Names of the files that were written beside it. */
  readonly uses: readonly string[];
  /** Why nothing was repaired that was to be. */
  readonly refusal?: string | undefined;
}

/** The last lines of a proof, for people. */
export function proofText(
  proof: RecordingProof,
  { folder, samplesMax, uses, refusal }: ProofTextOptions,
): string {
  const { containers, files, comparedFiles, exitStatus, samples, holds, repairs = [] } = proof;
  const of = (verdict: ProvedContainer['verdict']) => containers.filter((each) => each.verdict === verdict);
  const small = containers.filter(({ isSmall }) => isSmall).length;
  const [same, differing] = [of('same'), of('differs')];
  const recorded = containers.length - of('not recorded').length;
  const compared = comparedFiles === 0 ? '' : `; ${counted(comparedFiles, 'file')} compared`;
  const varying = same.filter(({ varies }) => varies.length > 0);
  return rowsText([
    [
      'proved',
      `${holds ? 'yes' : 'no'}: ${same.length} of ${counted(recorded, 'container')} did the same, ${small} on small images${compared}`,
    ],
    ...(exitStatus.now === exitStatus.recorded
      ? []
      : ([
          ['differs', `the command: exit status ${exitStatus.now} instead of ${exitStatus.recorded}`],
        ] as const)),
    ...some(
      differing.flatMap((each) =>
        each.differences.map(
          (difference) => ['differs', `${nameOf(each)}: ${describeDifference(difference)}`] as const,
        ),
      ),
      'proof.json',
    ),
    ...some(
      of('missing').map((each) => ['missing', `${nameOf(each)}: it was not started`] as const),
      'proof.json',
    ),
    ...some(
      of('not recorded').map((each) => ['new', `${nameOf(each)}: it was not recorded`] as const),
      'proof.json',
    ),
    ...some(
      files.map(({ path, aspect }) => ['differs', `${path}: ${ASPECTS[aspect]}`] as const),
      'proof.json',
    ),
    ...some(
      varying.map((each) => ['varies', `${nameOf(each)}: ${each.varies.join(', ')}`] as const),
      'proof.json',
    ),
    ...some(
      repairs.map((each) => ['repaired', describeRepair(each)] as const),
      'proof.json',
    ),
    ...(refusal === undefined ? [] : ([['repaired', `nothing: ${refusal}`]] as const)),
    ...(samples > 1
      ? ([
          ['samples', `${samples}: the recording, and ${counted(samples - 1, 'run')} more on the sources`],
        ] as const)
      : []),
    ...(differing.length > 0 && samplesMax === 0
      ? ([
          [
            'hint',
            'what varies by itself differs as well: --samples 2 runs the command again on the sources',
          ],
        ] as const)
      : []),
    ['written', ['proof.json', ...uses].map((name) => `${folder}/${name}`).join(', ')],
  ]);
}

const PATHS_SHOWN = 3;

/** What one small image lacked, for people: one line. */
export function describeRepair({ image, run, because, paths }: ProvedRepair): string {
  const more = paths.length - PATHS_SHOWN;
  const added = `${paths.slice(0, PATHS_SHOWN).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  return `${image}, for ${run}: ${added}${because === undefined ? '' : ` (${because})`}`;
}

const ASPECTS = {
  missing: 'it is not there',
  extra: 'it was not there in the recording',
  content: 'it has another content',
} as const;

const STREAMS = { stdout: 'standard output', stderr: 'standard error' } as const;

function nameOf({ number, name, image, command }: ProvedContainer): string {
  const what = command.join(' ').slice(0, COMMAND_CHARACTERS_MAX);
  return `container ${number} (${[name, image, what].filter((text) => text !== '').join(' ')})`;
}

const COMMAND_CHARACTERS_MAX = 60;

/** @example describeDifference({ where: 'stdout', line: 2, recorded: 'sum 10', now: 'sum 11' }) // 'standard output, line 2: "sum 11" instead of "sum 10"' */
export function describeDifference({ where, exec, line, recorded, now }: ContainerDifference): string {
  const of = exec === undefined ? '' : ` of ${exec}`;
  if (where === 'exit status') return `exit status${of} ${now ?? 'none'} instead of ${recorded ?? 'none'}`;
  const quoted = (text: string | number | null) => (text === null ? 'its end' : JSON.stringify(text));
  const place = line === undefined ? '' : `, line ${line}`;
  return `${STREAMS[where]}${of}${place}: ${quoted(now)} instead of ${quoted(recorded)}`;
}
