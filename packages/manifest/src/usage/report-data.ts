import { explainPath } from '@keepset/keep-planner';
import type { ReportAmount, ReportData, ReportEntry, ReportPackage, ReportProgram } from '@keepset/report';
import { printPath } from '@keepset/strace-parser';
import type { StoredPath } from '../record/entry-table.js';
import type { StoredManifest } from '../record/read-manifest.js';
import { explainGenerated } from './explain.js';
import { usageOf } from './manifest-usage.js';

/** What of a report is put into words by the caller: one line each. */
type ReportWords = Pick<ReportData, 'verdict' | 'warnings' | 'varying' | 'notCompared' | 'hints'>;

/** What a report shows of a manifest. */
export function toReportData(manifest: StoredManifest, words: ReportWords): ReportData {
  const { source, result, platform, runs, inventory } = manifest;
  const programs = new Map<string, NumberedProgram>();
  const context = { manifest, programs };
  // Programs are numbered before the entries, which are made as they are asked for.
  for (const [path, { isKept }] of manifest.entries) if (isKept) programsOf(path, context);
  return {
    source: toImage(source),
    result: toImage(result),
    ...(platform !== undefined && { platform: `${platform.os}/${platform.architecture}` }),
    runs: runs.map(({ name, command, exitStatus, stdout, stderr, user, traceLines, processes }) => ({
      name,
      command,
      ...(exitStatus !== undefined && { exitStatus }),
      ...(stdout !== undefined && { stdoutBytes: stdout.sizeBytes }),
      ...(stderr !== undefined && { stderrBytes: stderr.sizeBytes }),
      ...(user !== undefined && { user: `${user.uid}:${user.gid}` }),
      ...(traceLines !== undefined && { traceLines }),
      ...(processes !== undefined && {
        processes: processes.map(({ pid, parent, programs: executed }) => ({
          pid,
          ...(parent !== undefined && { parent }),
          programs: executed.map(({ path, argv }) => placeOf({ path, words: argv }, programs)),
        })),
      }),
    })),
    checks: manifest.checks.map(({ missing = [], ...check }) => ({
      ...check,
      missing: missing.map(printPath),
    })),
    ...words,
    repairs: manifest.repairs.map(({ run, path }) => `${run}: ${printPath(path)}`),
    generated: [...manifest.generated].map(([path, { type, sizeBytes }]) => ({
      path: printPath(path),
      type,
      sizeBytes,
      why: explainGenerated(path, manifest)?.slice(1) ?? [],
    })),
    ...(inventory !== undefined && { packages: toPackages(manifest) }),
    programs: [...programs.values()].map(({ program }) => program),
    entries: {
      *[Symbol.iterator]() {
        for (const [path, entry] of manifest.entries.byPath()) yield toEntry(path, entry, context);
      },
    },
  };
}

function toImage({ reference, id, sizeBytes }: StoredManifest['source']): ReportData['source'] {
  return {
    id,
    ...(reference !== undefined && { reference }),
    ...(sizeBytes !== undefined && { sizeBytes }),
  };
}

function toPackages(manifest: StoredManifest): readonly ReportPackage[] {
  const amount = ({ files, sizeBytes }: ReportAmount): ReportAmount => ({ files, sizeBytes });
  return usageOf(manifest).packages.map(({ package: own, installed, kept, used, byRun }) => ({
    ecosystem: own.ecosystem,
    name: own.name,
    version: own.version,
    installed: amount(installed),
    kept: amount(kept),
    used: amount(used),
    runs: byRun.map(({ run }) => run),
  }));
}

interface NumberedProgram {
  readonly place: number;
  readonly program: ReportProgram;
}

interface EntryContext {
  readonly manifest: StoredManifest;
  /** Those met so far, by path and words, in the order in which they came. */
  readonly programs: Map<string, NumberedProgram>;
}

function toEntry(path: string, entry: StoredPath, { manifest, programs }: EntryContext): ReportEntry {
  const { type, sizeBytes, sourceSizeBytes = sizeBytes, isKept, isStub, linkTarget, owners } = entry;
  return {
    path: printPath(path),
    type,
    sizeBytes: sourceSizeBytes,
    state: isStub ? 'stub' : isKept ? 'kept' : 'removed',
    ...(linkTarget !== undefined && { linkTarget: printPath(linkTarget) }),
    owners,
    // The first line only says that it is kept.
    why: isKept ? explainPath(path, manifest).slice(1) : [],
    programs: isKept ? programsOf(path, { manifest, programs }) : [],
  };
}

function programsOf(path: string, { manifest, programs }: EntryContext): readonly number[] {
  const places = (manifest.kept.get(path)?.reasons ?? []).flatMap((reason) => {
    if (reason.kind !== 'access' || reason.program === undefined) return [];
    const program = {
      path: printPath(reason.program.path),
      words: reason.program.argv.map(printPath),
    };
    return [placeOf(program, programs)];
  });
  return [...new Set(places)];
}

/** A program's number; one that was not met yet gets the next. */
function placeOf(program: ReportProgram, programs: Map<string, NumberedProgram>): number {
  const key = JSON.stringify(program);
  const numbered = programs.get(key) ?? { place: programs.size, program };
  programs.set(key, numbered);
  return numbered.place;
}
