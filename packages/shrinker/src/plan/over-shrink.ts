import { constants } from 'node:os';
import type { ImageConfig } from '@keepset/docker-engine';
import { type ImageTree, sumBytes } from '@keepset/image-tree';
import type { KeepPlan } from '@keepset/keep-planner';
import { printPath } from '@keepset/strace-parser';
import { toBytes } from '../source/byte-string.js';
import { findSoftware } from './software-folders.js';

/** A sign that the run was not all that people will want of the image. */
export interface OverShrinkSign {
  readonly kind:
    | 'only-launcher'
    | 'server-not-asked'
    | 'software-unused'
    | 'workdir-unused'
    | 'process-killed'
    | 'runs-differ'
    | 'very-small';
  /** One sentence without its full stop. */
  readonly message: string;
  /** What would make it go away; the same. */
  readonly cure: string;
}

export interface ShrunkRun {
  readonly exitStatus: number;
  readonly seconds: number;
  /** Signals that ended processes of the run, by name; of a traced run only. */
  readonly killedBy?: readonly string[];
  /** Paths that one of two traced runs kept and the other did not. */
  readonly unsteady?: readonly string[];
  /** Whether something was asked of it while it ran. Default false. */
  readonly isService?: boolean;
}

export interface ShrinkFacts {
  readonly config: ImageConfig;
  readonly tree: ImageTree;
  readonly plan: KeepPlan;
  /** At least one. */
  readonly runs: readonly ShrunkRun[];
}

/**
 * Tell by what signs a run may have been too little: the image would shrink well, and then not work. Every one of them
 * may be meant; each says what would cure it.
 */
export function findOverShrink(facts: ShrinkFacts): readonly OverShrinkSign[] {
  return [
    onlyLauncher,
    serverNotAsked,
    softwareUnused,
    workdirUnused,
    processKilled,
    runsDiffer,
    verySmall,
  ].flatMap((find) => find(facts) ?? []);
}

/** Programs that are there to start others. busybox is all of them, and so counts as what it is called. */
const LAUNCHERS: ReadonlySet<string> = new Set(
  'sh dash bash ash busybox zsh ksh mksh fish env tini tini-static dumb-init docker-init catatonit gosu su-exec setpriv sudo su runuser s6-svscan nohup timeout'.split(
    ' ',
  ),
);

function onlyLauncher({ plan }: ShrinkFacts): OverShrinkSign | undefined {
  const names = plan.executed.map((path) => path.slice(path.lastIndexOf('/') + 1));
  if (names.length === 0 || !names.every((name) => LAUNCHERS.has(name))) return undefined;
  return {
    kind: 'only-launcher',
    message: `nothing but ${[...new Set(names)].join(', ')} was executed`,
    cure: 'let the command do what the image is for',
  };
}

/** A server that is asked takes longer, and does not end by itself. */
const SERVER_SECONDS_MIN = 5;

function serverNotAsked({ config, runs }: ShrinkFacts): OverShrinkSign | undefined {
  const ports = Object.keys(config.ExposedPorts ?? {});
  const seconds = Math.max(...runs.map((run) => run.seconds));
  if (ports.length === 0 || runs.some(({ isService }) => isService) || seconds >= SERVER_SECONDS_MIN)
    return undefined;
  return {
    kind: 'server-not-asked',
    message: `the image exposes ${ports.join(', ')}, but the run ended after ${seconds.toFixed(1)} s and no server was asked anything`,
    cure: 'use a command that starts the server and asks it for what matters',
  };
}

/** Of the image's largest folders of software, how many are looked at. */
const FOLDERS = 10;
const FOLDERS_SHOWN = 3;

function softwareUnused({ tree, plan }: ShrinkFacts): OverShrinkSign | undefined {
  if (plan.executed.length === 0) return undefined;
  const folders = findSoftware(tree).slice(0, FOLDERS);
  if (folders.length === 0 || folders.some(({ path }) => isUsed(path, plan))) return undefined;
  const shown = folders.slice(0, FOLDERS_SHOWN).map(({ path, sizeBytes }) => {
    return `${printPath(path)} (${(sizeBytes / 1e6).toFixed(0)} MB)`;
  });
  const others = folders.length > FOLDERS_SHOWN ? ', …' : '';
  return {
    kind: 'software-unused',
    message: `no file was used of the image's largest folders of software: ${shown.join(', ')}${others}`,
    cure: 'run what needs them, or keep them; if nothing does, all is well',
  };
}

/** Not the folder itself: the engine wants WORKDIR, and programs look at folders above. */
function isUsed(path: string, { kept }: KeepPlan): boolean {
  for (const [each, { reasons }] of kept) {
    if (each.startsWith(`${path}/`) && reasons.some(({ kind }) => kind === 'access')) return true;
  }
  return false;
}

function workdirUnused({ config, tree, plan }: ShrinkFacts): OverShrinkSign | undefined {
  const path = (config.WorkingDir ?? '').replace(/\/+$/, '');
  if (path === '' || plan.executed.length === 0) return undefined;
  if (!hasFiles(toBytes(path), tree) || isUsed(toBytes(path), plan)) return undefined;
  return {
    kind: 'workdir-unused',
    message: `no file was used of WORKDIR, ${printPath(toBytes(path))}`,
    cure: 'run what lies there; if nothing of it is needed, all is well',
  };
}

function hasFiles(path: string, tree: ImageTree): boolean {
  for (const { type } of tree.descendants(path)) if (type === 'file') return true;
  return false;
}

/** Signals of faults; SIGTERM and SIGPIPE end processes that have done their work. */
const FAULTS: ReadonlySet<string> = new Set(
  'SIGSEGV SIGBUS SIGILL SIGFPE SIGABRT SIGSYS SIGKILL SIGTRAP'.split(' '),
);
const SIGNALLED = 128;
const FAULT_STATUSES: ReadonlySet<number> = new Set(
  [...FAULTS].flatMap((name) =>
    name === 'SIGKILL' ? [] : SIGNALLED + constants.signals[name as NodeJS.Signals],
  ),
);

function processKilled({ runs }: ShrinkFacts): OverShrinkSign | undefined {
  const ended = runs.find(({ exitStatus, isService = false }) => {
    // A service is stopped by a signal, and killed where it does not heed it.
    return isService ? FAULT_STATUSES.has(exitStatus) : exitStatus > SIGNALLED;
  });
  const faults = runs.flatMap(({ killedBy = [] }) => killedBy.filter((signal) => FAULTS.has(signal)));
  if (ended === undefined && faults.length === 0) return undefined;
  const message =
    ended === undefined
      ? `${faults.length === 1 ? 'a process' : `${faults.length} processes`} of the run died of ${[...new Set(faults)].join(', ')}`
      : `the command was ended by signal ${ended.exitStatus - SIGNALLED} after ${ended.seconds.toFixed(1)} s`;
  return { kind: 'process-killed', message, cure: 'see that the command comes to its end in the source' };
}

function runsDiffer({ runs }: ShrinkFacts): OverShrinkSign | undefined {
  const unsteady = runs.flatMap((run) => run.unsteady ?? []);
  const [first] = unsteady;
  if (first === undefined) return undefined;
  const others = unsteady.length === 1 ? '' : ` and ${unsteady.length - 1} other paths`;
  return {
    kind: 'runs-differ',
    message: `two traced runs did not use the same files: ${printPath(first)}${others} in one only`,
    cure: 'both are kept; keep what else may be used',
  };
}

/** Of an image worth shrinking. */
const SOURCE_BYTES_MIN = 100e6;
const SHARE_MIN = 0.01;

function verySmall({ tree, plan }: ShrinkFacts): OverShrinkSign | undefined {
  const entries = [...plan.kept.keys()].flatMap((path) => tree.get(path) ?? []);
  const share = sumBytes(entries) / tree.totalBytes;
  if (tree.totalBytes < SOURCE_BYTES_MIN || share >= SHARE_MIN) return undefined;
  return {
    kind: 'very-small',
    message: `only ${(100 * share).toFixed(2)} % of the image is kept`,
    cure: 'see that the command is all that people will run',
  };
}
