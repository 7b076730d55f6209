import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { Content } from '@keepset/run-comparison';
import { extract } from 'tar-stream';
import type { EndedRun } from '../run/ended-run.js';
import type { OutputRecord } from '../run/record-output.js';
import type { Run } from '../run/run.js';
import type { RunLogs } from '../run/trace-in-image.js';
import { ShrinkError } from '../shrink-error.js';
import { FACTS_NAME, type SavedRunFacts, type TraceFileFacts, toRun } from './saved-run.js';

/** A run that was traced before. */
export interface SavedRun {
  readonly run: Run;
  readonly facts: SavedRunFacts;
  readonly logs: RunLogs;
  readonly output: OutputRecord;
  readonly steps: EndedRun['steps'];
}

export interface OpenedTrace {
  readonly file: string;
  readonly source: TraceFileFacts['source'];
  readonly runs: readonly SavedRun[];
}

/**
 * Take a trace file apart.
 *
 * @param folder  takes its members, compressed as they are
 * @throws ShrinkError TRACE_FILE_INVALID  it cannot be read, is cut off, or of another version
 */
export async function openTrace(file: string, folder: string): Promise<OpenedTrace> {
  const members = new Map<string, string>();
  let factsText: string | undefined;
  try {
    const archive = extract();
    const taken = (async () => {
      for await (const entry of archive) {
        const { name } = entry.header;
        if (name === FACTS_NAME) {
          if ((entry.header.size ?? 0) > FACTS_BYTES_MAX) throw new Error(`${FACTS_NAME} is too long`);
          factsText = Buffer.concat(await Array.fromAsync(entry as AsyncIterable<Buffer>)).toString('utf8');
        } else {
          const path = join(folder, `member-${members.size}.gz`);
          await pipeline(entry, createWriteStream(path, { mode: 0o600 }));
          members.set(name, path);
        }
      }
    })();
    // Both have ended before the folder may go.
    const ended = await Promise.allSettled([pipeline(createReadStream(file), archive), taken]);
    for (const each of ended) if (each.status === 'rejected') throw each.reason;
  } catch (error) {
    throw invalid(file, (error as Error).message);
  }
  const facts = await readFacts(file, factsText);
  const read = (name: string) => {
    const path = members.get(`${name}.gz`);
    if (path === undefined) throw invalid(file, `it lacks ${name}`);
    return gunzip(file, path);
  };
  const content = (name: string, bytes: Pick<Content, 'sha256' | 'sizeBytes'>): Content => ({
    ...bytes,
    // Of what was too large to be saved, only the hash is known.
    read: () => (members.has(`${name}.gz`) ? read(name) : Readable.from([])),
  });
  return {
    file,
    source: facts.source,
    runs: facts.runs.map((run, index) => toSavedRun(run, `runs/${index}`, { read, content })),
  };
}

interface Members {
  /** @throws ShrinkError TRACE_FILE_INVALID  there is none of that name */
  read(name: string): AsyncIterable<Uint8Array>;
  content(name: string, bytes: Pick<Content, 'sha256' | 'sizeBytes'>): Content;
}

/** @param at  where its members are */
function toSavedRun(facts: SavedRunFacts, at: string, { read, content }: Members): SavedRun {
  const outputs = (prefix: string, of: Pick<SavedRunFacts, 'stdout' | 'stderr'>) => ({
    stdout: content(`${prefix}stdout`, of.stdout),
    stderr: content(`${prefix}stderr`, of.stderr),
  });
  return {
    facts,
    run: toRun(facts, facts.hasStdin ? () => read(`${at}/stdin`) : undefined),
    logs: {
      exitStatus: facts.exitStatus,
      complaint: '',
      identity: facts.identity,
      seccompFilter: facts.seccompFilter,
      readTrace: () => read(`${at}/trace-0`),
      execTraces: facts.execs.map((exec, index) => ({
        ...exec,
        read: () => read(`${at}/trace-${index + 1}`),
      })),
    },
    output: outputs(`${at}/`, facts),
    steps: facts.steps.map(({ name, exitStatus, ...step }, index) => ({
      name,
      exitStatus: exitStatus ?? undefined,
      ...outputs(`${at}/step-${index}-`, step),
    })),
  };
}

/** gzip packs nothing to less than a thousandth; traces, which repeat themselves, to a two-hundredth. */
const UNPACKED_TIMES_MAX = 500;
/** What is smaller does no harm. */
const UNPACKED_BYTES_MAX = 64 * 1024 * 1024;

async function* gunzip(file: string, path: string): AsyncGenerator<Uint8Array> {
  const unpacked = createGunzip();
  const done = pipeline(createReadStream(path), unpacked);
  done.catch(() => {});
  try {
    const { size } = await stat(path);
    const bytesMax = Math.max(UNPACKED_BYTES_MAX, size * UNPACKED_TIMES_MAX);
    let bytes = 0;
    for await (const chunk of unpacked) {
      bytes += (chunk as Uint8Array).length;
      if (bytes > bytesMax)
        throw new Error(`a member unpacks to more than ${UNPACKED_TIMES_MAX} times its size`);
      yield chunk as Uint8Array;
    }
  } catch (error) {
    throw invalid(file, (error as Error).message);
  }
}

/** With 500,000 files that a run left, a tenth of it. */
const FACTS_BYTES_MAX = 256 * 1024 * 1024;

async function readFacts(file: string, text: string | undefined): Promise<TraceFileFacts> {
  if (text === undefined) throw invalid(file, `it has no ${FACTS_NAME}`);
  // Loaded only where it is needed: its library is 10 MB of memory.
  const { parseFacts } = await import('./parse-facts.js');
  try {
    return parseFacts(text);
  } catch (error) {
    throw invalid(file, `${FACTS_NAME}: ${(error as Error).message}`);
  }
}

function invalid(file: string, reason: string): ShrinkError {
  return new ShrinkError('TRACE_FILE_INVALID', `${file} is no trace file that can be read: ${reason}`, {
    hint: 'Trace the command again.',
  });
}

/**
 * The runs of several files, each by a name of its own, of one source.
 *
 * @throws ShrinkError SOURCES_DIFFER
 */
export function joinTraces(traces: readonly OpenedTrace[]): {
  readonly source: TraceFileFacts['source'];
  readonly runs: readonly SavedRun[];
} {
  const [first, ...others] = traces;
  if (first === undefined) throw new Error('no trace was opened');
  const other = others.find(({ source }) => source.id !== first.source.id);
  if (other !== undefined)
    throw new ShrinkError(
      'SOURCES_DIFFER',
      `${first.file} is of the image ${first.source.id}, and ${other.file} of ${other.source.id}`,
      { hint: 'Traces of one image can be joined; trace again what is of another.' },
    );
  const names = traces.flatMap(({ runs }) => runs.map(({ run }) => run.name));
  const isTaken = (name: string) => names.filter((each) => each === name).length > 1;
  return {
    source: first.source,
    runs: traces.flatMap(({ runs, file }, place) =>
      runs.map((saved) => {
        const { name } = saved.run;
        if (!isTaken(name)) return saved;
        const own = traces.length > 1 ? `${baseName(file)}/${name}` : `${name}-${place + 1}`;
        return { ...saved, run: { ...saved.run, name: own } };
      }),
    ),
  };
}

function baseName(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1).replace(/\.trace$/, '');
}
