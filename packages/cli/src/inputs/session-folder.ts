import { createHash } from 'node:crypto';
import {
  appendFileSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '@keepset/docker-engine';

/** The process of a session, so that another keepset can tell whether it still runs. */
interface Owner {
  /** The machine, by its name; a hash. */
  readonly machine: string;
  /** Since the kernel was started, and in which namespace process ids count; a hash. */
  readonly kernel: string;
  readonly pid: string;
  /** In the kernel's ticks: a process id is given anew. */
  readonly started: string;
}

const OWNER = /^(?<machine>[0-9a-f]{8})-(?<kernel>[0-9a-f]{8})-(?<pid>\d+)-(?<started>\d+)$/;
const FOLDER = /^keepset-([0-9a-f]{8}-[0-9a-f]{8}-\d+-\d+)-\w{6}$/;
/** Ids of images that the session made, a line each. */
const IMAGES_NAME = 'images';
/** Nobody can tell from here whether a session of another machine goes on: this is longer than any should. */
const FOREIGN_MS_MAX = 24 * 3600 * 1000;

/** This process, as one word. */
export function ownerHere(): string {
  const { machine, kernel } = here();
  return `${machine}-${kernel}-${process.pid}-${startOf(process.pid) ?? 0}`;
}

function here(): Pick<Owner, 'machine' | 'kernel'> {
  const read = (action: () => string) => {
    try {
      return action();
    } catch {
      return '';
    }
  };
  const boot = read(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'));
  const namespace = read(() => readlinkSync('/proc/self/ns/pid'));
  return { machine: short(hostname()), kernel: short(`${boot}${namespace}`) };
}

function short(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

/** @returns undefined where there is no such process; 0 where the system does not tell. @see proc(5), "stat" */
function startOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [state = '', ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // It has ended, and nobody has asked how.
    return state === 'Z' || state === 'X' ? undefined : Number(fields[18]);
  } catch {
    try {
      process.kill(pid, 0);
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'EPERM' ? 0 : undefined;
    }
    return tellsProcesses() ? undefined : 0;
  }
}

function tellsProcesses(): boolean {
  return statSync('/proc/self/stat', { throwIfNoEntry: false }) !== undefined;
}

/**
 * Whether a session is over.
 *
 * @param owner  as of `ownerHere`, from a label or a folder's name
 * @param everyones  whether sessions of other machines are over as well: nobody can ask them
 */
export function isSessionGone(owner: string, ageMs: number, everyones = false): boolean {
  const facts = OWNER.exec(owner)?.groups as Owner | undefined;
  const { machine, kernel } = here();
  if (facts?.machine === machine && facts.kernel === kernel)
    return String(startOf(Number(facts.pid))) !== facts.started;
  // The same machine, started again, or another, or one that did not say.
  return everyones || ageMs > FOREIGN_MS_MAX;
}

/** Where this process keeps its temporary files, and what it made at the engine under no name. */
export interface SessionFolder extends Disposable {
  readonly owner: string;
  /** Note an image, so that `prune` finds it if this process is killed. */
  noteImage(id: string): void;
}

/**
 * A folder for all temporary files of this process: the system's own folder of these is it from now on. What a killed
 * process leaves is known by its name.
 */
export function openSessionFolder(): SessionFolder {
  const owner = ownerHere();
  const outer = tmpdir();
  mkdirSync(outer, { recursive: true });
  const folder = mkdtempSync(join(outer, `keepset-${owner}-`));
  process.env.TMPDIR = folder;
  return {
    owner,
    noteImage: (id) => appendFileSync(join(folder, IMAGES_NAME), `${id}\n`),
    [Symbol.dispose]() {
      process.env.TMPDIR = outer;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The folder of a session that is gone. */
export interface LeftFolder {
  readonly path: string;
  /** Ids of images that it made. */
  readonly images: readonly string[];
}

/**
 * Folders of sessions that are gone, of this user alone.
 *
 * @returns and whether a session goes on
 */
export function findLeftFolders(everyones: boolean): {
  readonly left: readonly LeftFolder[];
  readonly isAnyAlive: boolean;
} {
  const left: LeftFolder[] = [];
  let isAnyAlive = false;
  const uid = process.getuid?.();
  const outer = tmpdir();
  const isThere = statSync(outer, { throwIfNoEntry: false })?.isDirectory();
  for (const name of isThere ? readdirSync(outer) : []) {
    const owner = FOLDER.exec(name)?.[1];
    const path = join(outer, name);
    const facts = owner === undefined ? undefined : lstatSync(path, { throwIfNoEntry: false });
    if (owner === undefined || !facts?.isDirectory() || (uid !== undefined && facts.uid !== uid)) continue;
    const isGone = isSessionGone(owner, Date.now() - facts.mtimeMs, everyones);
    if (isGone) left.push({ path, images: readImages(path) });
    else isAnyAlive = true;
  }
  return { left, isAnyAlive };
}

function readImages(folder: string): readonly string[] {
  try {
    const lines = readFileSync(join(folder, IMAGES_NAME), 'utf8').split('\n');
    return lines.filter((line) => /^sha256:[0-9a-f]{64}$/.test(line));
  } catch {
    return [];
  }
}

/** The engine, with every image that it makes noted down. */
export function withNotedImages(engine: Engine, { noteImage }: Pick<SessionFolder, 'noteImage'>): Engine {
  const noted = async (made: Promise<string>) => {
    const id = await made;
    noteImage(id);
    return id;
  };
  return {
    ...engine,
    loadImage: (archive) => noted(engine.loadImage(archive)),
    importLayer: (tar) => noted(engine.importLayer(tar)),
    buildImage: (context, options) => noted(engine.buildImage(context, options)),
  };
}
