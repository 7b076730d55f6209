import type { RecordedFacts, Recording } from '@keepset/shrinker';
import { formatBytes } from './format-bytes.js';
import { plainLine } from './plain-text.js';
import { quoteWords } from './quote-words.js';

/** Of each kind of row. */
const ROWS_MAX = 20;
const NAME_WIDTH = 10;

/** The last lines of a recording, for people. */
export function recordingText(recording: Recording, folder: string): string {
  const { images, containers, untraced } = recording;
  const bytes = images.reduce((sum, { traceBytes = 0 }) => sum + traceBytes, 0);
  const running = containers.filter(({ starts, exitStatus }) => starts > 0 && exitStatus === null);
  const rows: Row[] = [
    [
      'recorded',
      `${counted(containers.length, 'container')} of ${counted(images.length, 'image')}; traces ${formatBytes(bytes)}`,
    ],
    ...some(
      images.map(({ references, id, traceBytes }) => {
        const own = containers.filter(({ imageId }) => imageId === id);
        const size = traceBytes === undefined ? 'nothing was executed' : formatBytes(traceBytes);
        return ['image', `${references.join(', ')}: ${counted(own.length, 'container')}, ${size}`] as const;
      }),
    ),
    ...some(
      untraced.map(({ name, image, command, reason }) => {
        const what = [name, image, quoteWords(command)].filter((text) => text !== '').join(' ');
        return ['untraced', `${what === '' ? 'a container' : what}: ${reason}`] as const;
      }),
    ),
    ...some(
      containers
        .filter(({ hasEngineSocket }) => hasEngineSocket === true)
        .map(
          (each) =>
            ['unseen', `what ${nameOf(each)} started by itself: it had the socket of an engine`] as const,
        ),
    ),
    ...some(
      running.map((each) => ['running', `${nameOf(each)}: recorded up to now, and traced on`] as const),
    ),
    ['written', folder],
    ...(running.length > 0
      ? ([['later', "once they are removed: 'keepset prune', for the volume of their traces"]] as const)
      : []),
    ...(images.length > 0 ? ([['next', `keepset shrink --recorded ${quoteWords([folder])}`]] as const) : []),
  ];
  return rowsText(rows);
}

type Row = readonly [name: string, value: string];

export function rowsText(rows: readonly Row[]): string {
  return rows.map(([name, value]) => `${name.padEnd(NAME_WIDTH)}${plainLine(value)}\n`).join('');
}

function nameOf({ number, name, image }: RecordedFacts): string {
  return name === '' ? `container ${number} of ${image}` : name;
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** @param file  which has them all */
export function some(rows: readonly Row[], file = 'recording.json'): readonly Row[] {
  const [first] = rows;
  if (first === undefined || rows.length <= ROWS_MAX) return rows;
  return [...rows.slice(0, ROWS_MAX), [first[0], `and ${rows.length - ROWS_MAX} more, in ${file}`]];
}
