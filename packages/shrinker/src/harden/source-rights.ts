import {
  type CallFamily,
  type CapabilityRight,
  findPlaces,
  findRights,
  type PlacesImage,
  type Rights,
} from '@keepset/hardening';
import type { KeepPlan } from '@keepset/keep-planner';
import { printPath } from '@keepset/strace-parser';
import { privilegedPrograms } from '../plan/privileged-programs.js';
import { mountedPaths } from '../run/mounted-paths.js';
import type { SourceRun } from '../run/source-run.js';
import type { Source } from '../source/open-source.js';
import { type FileCapabilities, readFileCapabilities } from './file-capabilities.js';
import type { ObservedRun } from './observe-run.js';

/** What executed programs mean for rights. */
export interface ProgramFacts {
  /** Whether some are of 32 bits. */
  readonly thirtyTwoBit: boolean;
  readonly capable: readonly FileCapabilities[];
  /** By which runs gain rights, as people read them, sorted. */
  readonly gaining: readonly string[];
}

/** Ask the source what the executed programs mean for rights. */
export async function readProgramFacts(
  source: Source,
  runs: readonly { readonly run: SourceRun }[],
  executed: KeepPlan['executed'],
): Promise<ProgramFacts> {
  const tree = await source.tree();
  const files = executed.filter((path) => tree.get(path)?.type === 'file');
  const reader = await source.reader();
  const capable = await readFileCapabilities(reader, files);
  const sized = files.map((path) => ({ path, sizeBytes: tree.get(path)?.sizeBytes ?? 0 }));
  const heads = await reader.readHeads(sized, HEAD_BYTES);
  const withCapabilities = capable.map(({ path }) => path);
  const gaining = runs.flatMap(({ run: { trace } }) =>
    trace === undefined ? [] : privilegedPrograms(files, tree, trace.identity, withCapabilities),
  );
  const thirtyTwoBit = heads.some(isThirtyTwoBit);
  return { thirtyTwoBit, capable, gaining: [...new Set(gaining.map(printPath))].sort() };
}

/** Up to the machine's number. @see elf(5) */
const HEAD_BYTES = 20;
const CLASS_AT = 4;
const CLASS_32 = 1;
const MACHINE_AT = 18;
/** EM_386, EM_ARM */
const MACHINES = new Set([3, 40]);

function isThirtyTwoBit(head: Uint8Array): boolean {
  const isElf = Buffer.from(head.subarray(0, CLASS_AT)).toString('latin1') === '\x7fELF';
  return isElf && head[CLASS_AT] === CLASS_32 && MACHINES.has(head[MACHINE_AT] ?? 0);
}

export interface SourceRightsOptions extends ProgramFacts {
  /** Of the engine's machine: an image for 386 runs on amd64, whose kernel holds the profile. */
  readonly architecture: string;
  readonly executed: KeepPlan['executed'];
  /** In which it is to run. */
  readonly image: PlacesImage;
  readonly families: readonly CallFamily[];
}

/** The rights that traced runs of the source were seen to need: the first that a result is run under. */
export async function sourceRights(
  source: Pick<Source, 'image' | 'coveredPaths'>,
  runs: readonly ObservedRun[],
  { architecture, executed, thirtyTwoBit, capable, gaining, image, families }: SourceRightsOptions,
): Promise<Rights> {
  const rootRuns = runs.flatMap(({ run }) => (run.trace?.identity.uid === 0 ? [run.run.name] : []));
  const found = findRights(
    runs.map(({ observation }) => observation),
    {
      architecture,
      families,
      thirtyTwoBit,
      gaining: gaining.length > 0,
      rootRuns,
      init: runs.some(({ run }) => run.run.options?.init),
    },
  );
  const written = await Promise.all(runs.map(({ run }) => writtenBy(source, run)));
  const places = findPlaces(written.flat(), image, executed);
  const writesToRoot = places.rootWrites.some((path) => path.lastIndexOf('/') === 0);
  const needed = [
    ...capable.flatMap(({ path, names }) =>
      names.map((name) => ({ name, reason: { program: printPath(path), call: 'execve' } })),
    ),
    // Podman has a root folder that nobody may write, where an image's layers do not name it.
    ...(writesToRoot && rootRuns.length > 0 ? [{ name: 'DAC_OVERRIDE', reason: {} }] : []),
  ];
  return {
    ...found,
    capabilities: withRepairs(found.capabilities, needed, runs[0]?.run.run.name ?? ''),
    gaining,
    ...places,
  };
}

/** What a run wrote to its root: its mounts can be written anyway. */
async function writtenBy(
  { image, coveredPaths }: Pick<Source, 'image' | 'coveredPaths'>,
  { run, ended }: SourceRun,
) {
  const { isOutside, isInVolume } = mountedPaths(run.options ?? {}, image.config, coveredPaths);
  const written = await ended.left.written();
  return written.filter(({ path }) => !isOutside(path) && !isInVolume(path));
}

interface NeededCapability {
  readonly name: string;
  readonly reason: { readonly program?: string; readonly call?: string };
}

function withRepairs(
  capabilities: readonly CapabilityRight[],
  needed: readonly NeededCapability[],
  run: string,
): readonly CapabilityRight[] {
  const all = new Map(capabilities.map((right) => [right.name, right]));
  for (const { name, reason } of needed) {
    const reasons = all.get(name)?.reasons ?? [];
    all.set(name, { name, reasons: [...reasons, { kind: 'repair', run, ...reason }] });
  }
  return [...all.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
}
