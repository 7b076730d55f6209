import type { RealPath, Resolution, ResolveRequest } from '@keepset/symlink-resolver';
import { resolveTogether } from '../closure/resolve-together.js';
import type { SourceImage } from '../image/source-image.js';
import type { Keeping } from '../plan/keeping.js';
import { PlanError } from '../plan/plan-error.js';
import { parseElfInterpreter } from './elf-interpreter.js';
import { type EnvProgram, parseEnvProgram } from './env-program.js';
import { firstProgram, programRequests } from './program-search.js';
import { parseScriptInterpreter } from './script-interpreter.js';

/** Enough for the tables of all but rare programs, and for a script's first line. */
const HEAD_BYTES = 4 * 1024;
/** More than this is not read for one program: its tables make no sense. */
const MAX_HEAD_BYTES = 64 * 1024 * 1024;
/** Interpreters that are scripts themselves: Linux gives up at the sixth (ELOOP). */
const MAX_NESTING = 6;

/** A file that was or may be executed. */
export interface ProgramFile {
  readonly path: RealPath;
  /** As after chroot: where its interpreter is looked for. */
  readonly root?: string | undefined;
  /** Where the process was that executed it, as far as the trace tells: there a relative interpreter is. */
  readonly workingDirectory?: string | undefined;
  /** A run executed it, so the trace shows what it started itself: `env` need not be guessed at. */
  readonly traced: boolean;
}

/** A file that another one needs to run. */
interface Wanted {
  readonly by: ProgramFile;
  readonly name: string;
  readonly rule: 'interpreter' | 'loader';
  /** For what env looks up. */
  readonly env?: EnvProgram;
}

/**
 * Keep what the kernel opens to execute files, level by level: script interpreters, what `env` starts, and
 * the loaders of ELF programs. Each level is one batch of heads and one of links.
 *
 * @returns the files, and those that were kept for them
 */
export async function followPrograms(
  files: readonly ProgramFile[],
  keeping: Keeping,
): Promise<readonly RealPath[]> {
  const followed: RealPath[] = [];
  const seen = new Set<string>();
  let level = files;
  for (let depth = 0; depth < MAX_NESTING && level.length > 0; depth++) {
    const fresh = level.filter(({ path, root, workingDirectory }) => {
      const key = [root, workingDirectory, path].join('\0');
      if (seen.has(key) || keeping.source.tree.get(path)?.type !== 'file') return false;
      seen.add(key);
      return true;
    });
    followed.push(...fresh.map(({ path }) => path));
    const wanted = await readWanted(fresh, keeping);
    level = await keepWanted(wanted, keeping);
  }
  return followed;
}

async function readWanted(files: readonly ProgramFile[], keeping: Keeping): Promise<readonly Wanted[]> {
  const wanted: Wanted[] = [];
  let unread = files;
  for (let bytes = HEAD_BYTES; unread.length > 0; ) {
    const heads = await readHeads(unread, bytes, keeping.source);
    const again: ProgramFile[] = [];
    let needed = 0;
    for (const [index, by] of unread.entries()) {
      const head = heads[index];
      const elf = head === undefined ? { kind: 'broken' as const } : parseElfInterpreter(head);
      if (elf.kind === 'more' && elf.bytes > bytes && elf.bytes <= MAX_HEAD_BYTES) {
        again.push(by);
        needed = Math.max(needed, elf.bytes);
      } else if (elf.kind === 'more' || elf.kind === 'broken') {
        keeping.warnings.push({ kind: 'program-unreadable', path: by.path });
      } else if (elf.kind === 'interpreter') {
        wanted.push({ by, name: elf.path, rule: 'loader' });
      } else if (elf.kind === 'not-elf' && head !== undefined) {
        wanted.push(...wantedByScript(by, head, keeping));
      }
    }
    unread = again;
    bytes = needed;
  }
  return wanted;
}

async function readHeads(files: readonly ProgramFile[], maxBytes: number, source: SourceImage) {
  const heads = await source.readHeads(
    files.map(({ path }) => path),
    maxBytes,
  );
  if (heads.length !== files.length) {
    throw new PlanError('PLAN_BAD_SOURCE', `the source gave ${heads.length} heads of ${files.length} files`);
  }
  return heads;
}

function wantedByScript(by: ProgramFile, head: Uint8Array, keeping: Keeping): readonly Wanted[] {
  const interpreter = parseScriptInterpreter(head);
  if (interpreter === undefined) return [];
  if (!interpreter.path.startsWith('/') && by.workingDirectory === undefined) {
    keeping.warnings.push({ kind: 'interpreter-relative', path: by.path, wanted: interpreter.path });
  }
  const wanted: Wanted[] = [{ by, name: interpreter.path, rule: 'interpreter' }];
  const isEnv = /(?:^|\/)env$/.test(interpreter.path);
  const env = isEnv && !by.traced ? parseEnvProgram(interpreter.argument ?? '') : undefined;
  if (env !== undefined) wanted.push({ by, name: env.program, rule: 'interpreter', env });
  return wanted;
}

/** @returns  the files that are kept now and may themselves be scripts or need a loader */
async function keepWanted(wanted: readonly Wanted[], keeping: Keeping): Promise<readonly ProgramFile[]> {
  const { source, ends, warnings } = keeping;
  const requests = wanted.map((each) => wantedRequests(each, keeping));
  const resolutions = await resolveTogether(requests, source);
  const next: ProgramFile[] = [];
  for (const [index, { by, name, rule, env }] of wanted.entries()) {
    const candidates = resolutions[index] as readonly Resolution[];
    const found = env === undefined ? candidates[0] : firstProgram(candidates, source.tree);
    const isThere =
      found !== undefined &&
      found.failure === undefined &&
      ends.add(found, [{ kind: 'rule', rule, from: by.path }]);
    if (!isThere) warnings.push({ kind: `${rule}-missing`, path: by.path, wanted: name });
    // A loader is asked for no loader.
    else if (rule === 'interpreter') next.push({ ...by, path: found.path });
  }
  return next;
}

/** What env starts is looked for in PATH; the kernel takes a name as a path. */
function wantedRequests({ by, name, env }: Wanted, { needs }: Keeping): readonly ResolveRequest[] {
  const workingDirectory = by.workingDirectory ?? needs.runDirectory ?? needs.workingDirectory;
  if (env !== undefined) {
    return programRequests({ name, path: env.path ?? needs.path, workingDirectory, root: by.root });
  }
  return programRequests({ name: name.includes('/') ? name : `./${name}`, workingDirectory, root: by.root });
}
