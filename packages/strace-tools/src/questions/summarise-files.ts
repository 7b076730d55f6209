import { type AccessAction, type FileAccess, FileModel, type Program } from '@keepset/strace-parser';
import { EventMatcher } from './event-filter.js';
import { type EventInput, eachEvent, type QuestionOptions } from './traced-events.js';
import { transfersOf } from './transfers.js';

/** What a log says of one path. Counts are of calls. */
export interface FileSummary {
  /** Where it really is, as far as strace shows it (-y); else what was asked for. A byte string. */
  readonly path: string;
  /** For reading. */
  readonly opened: number;
  /** Opened for writing, or truncated. */
  readonly written: number;
  readonly created: number;
  readonly executed: number;
  /** Its metadata, the target of the link or the names in the directory were read. */
  readonly examined: number;
  /** Its metadata was changed, or it was mounted, renamed, …: what is none of the others. */
  readonly changed: number;
  readonly removed: number;
  readonly failed: number;
  /** How often by error. */
  readonly errors: Readonly<Record<string, number>>;
  readonly bytesRead: number;
  readonly bytesWritten: number;
  /** Paths of the programs that did it, in the order of their first access. Byte strings. */
  readonly programs: readonly string[];
}

type Counter = 'opened' | 'written' | 'created' | 'executed' | 'examined' | 'changed' | 'removed';

const COUNTERS: Readonly<Record<AccessAction, Counter>> = {
  open: 'opened',
  write: 'written',
  create: 'created',
  execute: 'executed',
  stat: 'examined',
  access: 'examined',
  readlink: 'examined',
  list: 'examined',
  chdir: 'examined',
  chroot: 'examined',
  watch: 'examined',
  connect: 'examined',
  rename: 'removed',
  unlink: 'removed',
  link: 'changed',
  change: 'changed',
  mount: 'changed',
  unmount: 'changed',
  bind: 'created',
};

const NO_PROGRAMS: readonly string[] = [];

class FileCount implements FileSummary {
  opened = 0;
  written = 0;
  created = 0;
  executed = 0;
  examined = 0;
  changed = 0;
  removed = 0;
  failed = 0;
  bytesRead = 0;
  bytesWritten = 0;
  #errors: Record<string, number> | undefined;
  #programs: readonly string[] = NO_PROGRAMS;
  #lastProgram: Program | undefined;

  constructor(readonly path: string) {}

  get errors(): Readonly<Record<string, number>> {
    return this.#errors ?? {};
  }

  get programs(): readonly string[] {
    return this.#programs;
  }

  count({ action, errno, program }: FileAccess): void {
    this.by(program);
    if (errno === undefined) this[COUNTERS[action]]++;
    else {
      this.failed++;
      this.#errors ??= {};
      this.#errors[errno] = (this.#errors[errno] ?? 0) + 1;
    }
  }

  by(program: Program | undefined): void {
    if (program === undefined || program === this.#lastProgram) return;
    this.#lastProgram = program;
    // Most files have one program, and a list that was grown has room for many.
    if (!this.#programs.includes(program.path)) this.#programs = [...this.#programs, program.path];
  }

  toJSON(): FileSummary {
    const { path, opened, written, created, executed, examined, changed, removed } = this;
    const { failed, errors, bytesRead, bytesWritten, programs } = this;
    return {
      path,
      opened,
      written,
      created,
      executed,
      examined,
      changed,
      removed,
      failed,
      errors,
      bytesRead,
      bytesWritten,
      programs,
    };
  }
}

/**
 * What was done to which files, by path.
 *
 * Memory is for each path; bytes are counted of files whose descriptor the log shows (-y), or that it saw being opened.
 *
 * @returns  sorted by path, as bytes are
 * @throws StraceToolsError FILTER_INVALID
 * @example
 * const files = await summariseFiles(parseStrace(log), { filter: { programs: ['git'] } });
 * files.filter(({ bytesWritten }) => bytesWritten > 0);
 */
export async function summariseFiles(
  events: EventInput,
  options: QuestionOptions = {},
): Promise<readonly FileSummary[]> {
  const model = new FileModel();
  const files = new Map<string, FileCount>();
  const at = (path: string) => {
    let file = files.get(path);
    if (file === undefined) {
      file = new FileCount(path);
      files.set(path, file);
    }
    return file;
  };
  // Of a call with two paths, one may be unwanted.
  const matcher = new EventMatcher(options.filter ?? {});
  const count = (access: FileAccess) => {
    if (matcher.acceptsAccess(access)) at(access.realPath ?? access.path).count(access);
  };
  await eachEvent(events, options, model, (event, accesses, program) => {
    for (const access of accesses) count(access);
    if (event.kind !== 'syscall') return;
    for (const { direction, descriptor, bytes } of transfersOf(event, model)) {
      if (descriptor.path === undefined || !matcher.acceptsPath(descriptor.path)) continue;
      const file = at(descriptor.path);
      file.by(program);
      if (direction === 'read') file.bytesRead += bytes;
      else file.bytesWritten += bytes;
    }
  });
  if (options.filter === undefined) for (const access of model.finish()) count(access);
  return [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}
