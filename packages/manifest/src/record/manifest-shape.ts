import { ECOSYSTEMS } from '@keepset/inventory';
import { hardening } from './hardening-shape.js';
import type { ScannedEntry } from './scan-manifest.js';
import {
  anyOf,
  count,
  flag,
  list,
  number,
  object,
  oneOf,
  record,
  type Shape,
  ShapeError,
  text,
} from './shape.js';

const texts = list(text);
const path: Shape = (value, place) => {
  if (typeof value !== 'string' || !value.startsWith('/')) throw new ShapeError(`${place} is no path`);
};
const paths = list(path);
const bytes = object({ sha256: text, sizeBytes: count });
const image = object(
  { id: text },
  {
    reference: text,
    repositoryDigests: texts,
    manifestDigest: text,
    layerDigest: text,
    sizeBytes: count,
  },
);
const program = object({ path: text, argv: texts });
const request = { method: text, path: text, port: count, status: count };
const asked = object(
  {
    ready: list(object({ kind: text }, { ...request, ports: list(count), pattern: text, seconds: number })),
    steps: list(object({ kind: text }, { ...request, command: anyOf(text, texts) })),
  },
  { readySecondsMax: number, stepSecondsMax: number, graceSeconds: number, healthCheck: flag },
);
const run = object(
  { name: text, command: texts },
  {
    options: record(anyOf(text, flag, texts)),
    variables: texts,
    service: flag,
    asked,
    exitStatus: number,
    stdout: bytes,
    stderr: bytes,
    steps: list(object({ name: text, status: number, stdout: bytes, stderr: bytes })),
    user: object({ uid: count, gid: count, supplementaryGids: list(count) }),
    traceLines: count,
    processes: list(object({ pid: number, programs: list(program) }, { parent: number })),
  },
);
const where = anyOf(text, object({ path: text }), object({ step: text, aspect: text }));
const masked = list(object({ run: text, where, variation: text }));
const counts = object({ exactly: count, byMask: count, notAtAll: count });
const ofPackage = object(
  {
    ecosystem: oneOf(ECOSYSTEMS),
    name: text,
    version: text,
    licenses: texts,
    purl: text,
    database: path,
  },
  { architecture: text, origin: text, sourcePackage: object({ name: text }, { version: text }) },
);

/** Fields of all kinds of warnings: each has some. */
const warning = object(
  { kind: text },
  {
    path,
    wanted: text,
    need: text,
    ours: text,
    kernels: text,
    option: text,
    pattern: text,
    runs: texts,
    dropped: flag,
    mode: count,
    count,
  },
);

/** All of a manifest but its two long lists. */
const rest = object(
  { source: image, result: image, runs: list(run), programs: list(program) },
  {
    platform: object({ os: text, architecture: text }),
    verified: flag,
    verification: object({
      level: text,
      runs: object({ source: count, result: count }),
      reference: text,
      lines: counts,
      files: counts,
      masked,
      notCompared: list(object({ run: text, where, reason: text })),
    }),
    checks: list(object({ name: text, command: texts, same: flag }, { missing: paths })),
    metadata: oneOf(['used', 'all', 'none']),
    generated: list(
      object(
        { path, type: text, sizeBytes: count, mode: count, mtimeSeconds: number, from: path },
        { uid: count, gid: count, sha256: text },
      ),
    ),
    repairs: list(object({ round: count, run: text, path }, { because: text })),
    masked,
    hardening,
    warnings: list(warning),
    listed: paths,
    system: object({}, { id: text, versionId: text, prettyName: text }),
    unowned: object({ files: count, sizeBytes: count }),
    inventoryWarnings: list(object({ path, message: text })),
    packages: list(ofPackage),
  },
);

/** @throws ShapeError */
export function requireRest(value: unknown): void {
  rest(value, '');
}

const ENTRY_TEXTS = ['linkTarget', 'hardLinkTo', 'sha256'] as const;
const ENTRY_NUMBERS = ['mode', 'uid', 'gid', 'mtimeSeconds', 'sourceSizeBytes'] as const;

/** By hand: there are hundreds of thousands. @throws ShapeError */
export function requireEntry(entry: ScannedEntry): void {
  if (typeof entry !== 'object' || entry === null || typeof entry.path !== 'string' || entry.path[0] !== '/')
    throw new ShapeError('an entry has no path');
  const { type, sizeBytes, owners } = entry;
  const wrong =
    (typeof type !== 'string' && 'type') ||
    (!(Number.isSafeInteger(sizeBytes) && sizeBytes >= 0) && 'sizeBytes') ||
    ENTRY_TEXTS.find((key) => entry[key] !== undefined && typeof entry[key] !== 'string') ||
    ENTRY_NUMBERS.find((key) => entry[key] !== undefined && !Number.isFinite(entry[key])) ||
    (owners !== undefined && !(Array.isArray(owners) && owners.every(Number.isSafeInteger)) && 'owners');
  if (wrong) throw new ShapeError(`${wrong} of the entry ${entry.path} is not what it should be`);
}

const reasons = list(
  object(
    {},
    {
      rule: text,
      from: text,
      asked: text,
      program: count,
      run: text,
      action: text,
      call: text,
      line: number,
      count: number,
      pattern: text,
      errno: text,
      because: text,
    },
  ),
);

/** @throws ShapeError */
export function requireReasons(value: unknown, place: string): void {
  reasons(value, `the reasons of ${place}`);
}
