import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { type KeepPlan, mergePlans } from '@keepset/keep-planner';
import type { Content } from '@keepset/run-comparison';
import { extract } from 'tar-stream';
import { findRecordedSource } from './find-recorded-source.js';
import type { Source } from './open-source.js';
import { planRun, type RunLogs } from './plan-run.js';
import { type NamedCommand, scopeRun } from './run-scope.js';
import {
  FACTS_NAME,
  restoreFiles,
  restoreWritten,
  type SavedRunFacts,
  TRACE_FILE_VERSION,
  type TraceFileFacts,
  toNamedCommand,
} from './saved-run.js';
import { ShrinkError } from './shrink-error.js';
import type { ProvenRun } from './source-run.js';
import type { Work } from './work.js';

/** A run that was traced before. */
export interface SavedRun {
  readonly command: NamedCommand;
  readonly facts: SavedRunFacts;
  readonly logs: RunLogs;
  readonly output: Readonly<Record<'stdout' | 'stderr', Content>>;
  readonly steps: ProvenRun['run']['steps'];
}

interface OpenedTrace {
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
async function openTrace(file: string, folder: string): Promise<OpenedTrace> {
  const members = new Map<string, string>();
  let factsText: string | undefined;
  try {
    const archive = extract();
    const taken = (async () => {
      for await (const entry of archive) {
        const { name } = entry.header;
        if (name === FACTS_NAME)
          factsText = Buffer.concat(await Array.fromAsync(entry as AsyncIterable<Buffer>)).toString('utf8');
        else {
          const path = join(folder, `member-${members.size}.gz`);
          await pipeline(entry, createWriteStream(path, { mode: 0o600 }));
          members.set(name, path);
        }
      }
    })();
    await Promise.all([pipeline(createReadStream(file), archive), taken]);
  } catch (error) {
    throw invalid(file, (error as Error).message);
  }
  const facts = parseFacts(file, factsText);
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
    runs: facts.runs.map((run, index) => {
      const at = `runs/${index}`;
      const outputs = (prefix: string, of: Pick<SavedRunFacts, 'stdout' | 'stderr'>) => ({
        stdout: content(`${prefix}stdout`, of.stdout),
        stderr: content(`${prefix}stderr`, of.stderr),
      });
      return {
        facts: run,
        command: toNamedCommand(run, run.hasStdin ? () => read(`${at}/stdin`) : undefined),
        logs: {
          exitStatus: run.exitStatus,
          complaint: '',
          identity: run.identity,
          seccompFilter: run.seccompFilter,
          readTrace: () => read(`${at}/trace-0`),
          execTraces: run.execs.map((exec, at2) => ({ ...exec, read: () => read(`${at}/trace-${at2 + 1}`) })),
        },
        output: outputs(`${at}/`, run),
        steps: run.steps.map(({ name, exitStatus, ...step }, at2) => ({
          name,
          exitStatus: exitStatus ?? undefined,
          ...outputs(`${at}/step-${at2}-`, step),
        })),
      };
    }),
  };
}

async function* gunzip(file: string, path: string): AsyncGenerator<Uint8Array> {
  const unpacked = createGunzip();
  const done = pipeline(createReadStream(path), unpacked);
  done.catch(() => {});
  try {
    for await (const chunk of unpacked) yield chunk as Uint8Array;
  } catch (error) {
    throw invalid(file, (error as Error).message);
  }
}

function parseFacts(file: string, text: string | undefined): TraceFileFacts {
  if (text === undefined) throw invalid(file, `it has no ${FACTS_NAME}`);
  let facts: TraceFileFacts;
  try {
    facts = JSON.parse(text) as TraceFileFacts;
  } catch (error) {
    throw invalid(file, (error as Error).message);
  }
  if (facts.traceFileVersion !== TRACE_FILE_VERSION)
    throw invalid(
      file,
      `it is of version ${facts.traceFileVersion}, and this keepset reads ${TRACE_FILE_VERSION}`,
    );
  return facts;
}

function invalid(file: string, reason: string): ShrinkError {
  return new ShrinkError('TRACE_FILE_INVALID', `${file} is no trace file that can be read: ${reason}`, {
    hint: "'keepset trace -o FILE' writes one.",
  });
}

/**
 * The runs of several files, each by a name of its own, of one source.
 *
 * @throws ShrinkError SOURCES_DIFFER
 */
function joinTraces(traces: readonly OpenedTrace[]): {
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
  const names = traces.flatMap(({ runs }) => runs.map(({ command }) => command.name));
  const isTaken = (name: string) => names.filter((each) => each === name).length > 1;
  return {
    source: first.source,
    runs: traces.flatMap(({ runs, file }, place) =>
      runs.map((run) => {
        const { name } = run.command;
        if (!isTaken(name)) return run;
        const own = traces.length > 1 ? `${baseName(file)}/${name}` : `${name}-${place + 1}`;
        return { ...run, command: { ...run.command, name: own } };
      }),
    ),
  };
}

function baseName(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1).replace(/\.trace$/, '');
}

/** Trace files that were opened together. */
export interface OpenedTraces {
  readonly source: TraceFileFacts['source'];
  readonly runs: readonly SavedRun[];
  /** The work, about their source. */
  readonly work: Work;
}

/**
 * Open trace files, and find the image that they are of.
 *
 * @throws ShrinkError TRACE_FILE_INVALID; SOURCES_DIFFER  of each other, or of the image that the request names;
 *   SOURCE_GONE
 */
export async function openTraces(work: Work, files: readonly string[]): Promise<OpenedTraces> {
  const { engine, request, folder } = work;
  const traces: OpenedTrace[] = [];
  for (const [index, file] of files.entries()) {
    const own = join(folder, `trace-${index}`);
    await mkdir(own);
    traces.push(await openTrace(file, own));
  }
  const { source, runs } = joinTraces(traces);
  const named = request.image === '' ? undefined : await engine.inspectImage(request.image);
  if (named !== undefined && named.id !== source.id)
    throw new ShrinkError(
      'SOURCES_DIFFER',
      `'${request.image}' is the image ${named.id}, and the trace is of ${source.id}`,
      { hint: 'Trace it again, or leave the name out: the image of the trace is found by its id.' },
    );
  await findRecordedSource(engine, { source });
  const withheld = [...new Set(runs.flatMap(({ facts }) => facts.variables))].filter(
    (name) => !(request.run.env ?? []).some((variable) => variable.startsWith(`${name}=`)),
  );
  if (withheld.length > 0)
    work.streams.onEvent({
      kind: 'note',
      message: `the run had variables whose values are not in the trace: ${withheld.join(', ')}; give them with -e for the verification`,
    });
  return {
    source,
    runs,
    work: { ...work, request: { ...request, image: request.image || source.reference } },
  };
}

/**
 * What runs that were traced before lead to: as if they had been run now.
 *
 * @throws ShrinkError TRACE_INCOMPLETE, …; PlanError
 */
export async function replayAll(
  work: Work,
  source: Source,
  saved: readonly SavedRun[],
): Promise<{ readonly runs: readonly ProvenRun[]; readonly plan: KeepPlan }> {
  const runs: ProvenRun[] = [];
  const plans: KeepPlan[] = [];
  for (const { command, logs, facts, output, steps } of saved) {
    const scope = scopeRun(work, source, command);
    const { plan, trace } = await planRun(scope, logs);
    const { exitStatus, seconds } = facts;
    const left = { written: restoreWritten(facts.written), files: restoreFiles(facts.files) };
    runs.push({ ...scope, run: { exitStatus, seconds, output, steps, ...left, trace } });
    plans.push(plan);
  }
  return { runs, plan: plans.reduce(mergePlans) };
}
