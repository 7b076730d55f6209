import { connections } from './connections.js';
import { type EventInput, type QuestionOptions, wantedEvents } from './traced-events.js';

/** One thing that a run did. */
export interface Deed {
  readonly what: 'file' | 'program' | 'connection' | 'end';
  /** For people and for comparison: `open /etc/motd`, `stat /etc/x ENOENT`. A byte string. */
  readonly text: string;
  /** How often. */
  readonly count: number;
  /** The first time. */
  readonly line: number;
}

/** What only one of two runs did. */
export interface RunDifference {
  /** What the first run did and the other did not, in the order of its log. */
  readonly onlyFirst: readonly Deed[];
  readonly onlySecond: readonly Deed[];
}

/** What differs from run to run by itself: numbers of processes, and names that are made up. */
const CHANCE: ReadonlyArray<readonly [RegExp, string]> = [
  [/^\/proc\/\d+(?=\/|$)/, '/proc/N'],
  [/\/task\/\d+(?=\/|$)/, '/task/N'],
  // As mkstemp(3) makes them: six characters or more, of which not all are alike.
  [
    /(?<=^\/(?:tmp|var\/tmp|run|dev\/shm)\/(?:.*[./_-])?)(?=\w*(?:\d|[a-z][A-Z]|[A-Z][a-z]))[A-Za-z0-9]{6,}(?=[./]|$)/g,
    '*',
  ],
];

/**
 * What one of two runs did and the other did not: accesses to files and how they ended, programs, connections, ends.
 *
 * Numbers of processes, and made up names of temporary files, do not count.
 *
 * @throws StraceToolsError FILTER_INVALID
 * @example const { onlySecond } = await diffRuns(parseStrace(yesterday), parseStrace(today));
 */
export async function diffRuns(
  first: EventInput,
  second: EventInput,
  options: QuestionOptions = {},
): Promise<RunDifference> {
  const deeds = await deedsOf(first, options);
  const others = await deedsOf(second, options);
  return { onlyFirst: without(deeds, others), onlySecond: without(others, deeds) };
}

type Deeds = Map<string, Deed>;

async function deedsOf(events: EventInput, options: QuestionOptions): Promise<Deeds> {
  const deeds: Deeds = new Map();
  const add = (what: Deed['what'], text: string, line: number) => {
    const key = `${what} ${text}`;
    const known = deeds.get(key);
    deeds.set(key, { what, text, line: known?.line ?? line, count: (known?.count ?? 0) + 1 });
  };
  const kept = (async function* () {
    for await (const { event, accesses } of wantedEvents(events, options)) {
      for (const { action, path, errno, line } of accesses)
        add('file', `${action} ${settled(path)}${errno === undefined ? '' : ` ${errno}`}`, line);
      if (event.kind === 'end') add('end', event.text.slice(4, -4), event.line);
      if (event.kind === 'syscall' && /^execve(?:at)?$/.test(event.name) && /^0\b/.test(event.resultText)) {
        const argv = accesses.at(-1)?.path;
        if (argv !== undefined) add('program', argv, event.line);
      }
      yield event;
    }
  })();
  for (const { family, address, port, direction, error, line } of await connections(kept)) {
    if (direction === 'in' && family !== 'AF_UNIX') add('connection', `in ${family} ${address}`, line);
    else
      add(
        'connection',
        [direction, family, address, port, error].filter((each) => each !== undefined).join(' '),
        line,
      );
  }
  return deeds;
}

function settled(path: string): string {
  return CHANCE.reduce((text, [pattern, stand]) => text.replace(pattern, stand), path);
}

function without(deeds: Deeds, others: Deeds): Deed[] {
  return [...deeds].filter(([key]) => !others.has(key)).map(([, deed]) => deed);
}
