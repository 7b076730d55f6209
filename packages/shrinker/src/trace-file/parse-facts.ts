import type { RunOptions } from '@keepset/docker-engine';
import { parseUniqueJson } from '@keepset/manifest';
import { z } from 'zod';
import { savedServiceShape } from '../run/saved-service.js';
import { TRACE_FILE_VERSION, type TraceFileFacts } from './saved-run.js';

const text = z.string();
const texts = z.array(text);
const count = z.int().nonnegative();
/** It is a file's name and an engine's word as well: one line of what can be printed. */
const name = text
  .min(1)
  .max(1000)
  .regex(/^[^\p{Cc}]*$/u, 'it may hold no control character');
const digest = text.regex(/^[0-9a-f]{64}$/, 'expected a sha256 in hexadecimal digits');
const imageId = text.regex(/^sha256:[0-9a-f]{64}$/, 'expected sha256:… of an image');
const escapedPath = text.startsWith('/');

const bytes = z.strictObject({ sha256: digest, sizeBytes: count });

const OPTIONS = {
  env: texts,
  volume: texts,
  mount: texts,
  tmpfs: texts,
  workdir: text,
  user: text,
  entrypoint: text,
  network: text,
  publish: texts,
  addHost: texts,
  dns: texts,
  shmSize: text,
  capAdd: texts,
  capDrop: texts,
  securityOpt: texts,
  hostname: text,
  platform: text,
  readOnly: z.boolean(),
  memory: text,
  pidsLimit: text,
  cpus: text,
  ulimit: texts,
  sysctl: texts,
  device: texts,
  gpus: text,
  groupAdd: texts,
  init: z.boolean(),
  stopSignal: text,
  interactive: z.boolean(),
  tty: z.boolean(),
} satisfies Record<keyof RunOptions, z.ZodType>;

const seconds = z.number().nonnegative();

const run = z.strictObject({
  name,
  command: texts,
  options: z.strictObject(OPTIONS).partial(),
  variables: texts,
  service: savedServiceShape.optional(),
  secondsMax: seconds.optional(),
  isOptional: z.literal(true).optional(),
  exitStatus: z.int().min(0).max(255),
  seconds,
  identity: z.strictObject({
    uid: count,
    gid: count,
    supplementaryGids: z.array(count),
    home: text.optional(),
  }),
  seccompFilter: z.boolean(),
  unasked: texts.optional(),
  hasStdin: z.boolean(),
  execs: z.array(z.strictObject({ command: texts, exitStatus: z.int(), workingDirectory: text.optional() })),
  stdout: bytes,
  stderr: bytes,
  steps: z.array(
    z.strictObject({ name: text, exitStatus: z.int().nullable(), stdout: bytes, stderr: bytes }),
  ),
  written: z.array(z.strictObject({ path: escapedPath, isNew: z.boolean() })),
  files: z.array(
    z.strictObject({
      path: escapedPath,
      type: text,
      mode: count,
      uid: count,
      gid: count,
      linkTarget: text.optional(),
      isOfImage: z.literal(true).optional(),
      sha256: digest.optional(),
      sizeBytes: count.optional(),
    }),
  ),
});

const facts = z.strictObject({
  traceFileVersion: z.literal(TRACE_FILE_VERSION),
  tool: z.strictObject({ name: z.literal('keepset'), version: name }),
  source: z.strictObject({ reference: name, id: imageId, architecture: name }),
  runs: z.array(run).min(1, 'there is no run'),
});

/**
 * What a trace file tells, held against its schema: whoever wrote it, nothing else comes further.
 *
 * @throws Error  says what is wrong, and where
 */
export function parseFacts(json: string): TraceFileFacts {
  const value = parseUniqueJson(json) as { readonly traceFileVersion?: unknown } | null;
  const version = value?.traceFileVersion;
  if (typeof version === 'number' && version !== TRACE_FILE_VERSION)
    throw new Error(`it is of version ${version}, and this keepset reads ${TRACE_FILE_VERSION}`);
  const parsed = facts.safeParse(value);
  if (parsed.success) return parsed.data as TraceFileFacts;
  const [issue] = parsed.error.issues;
  throw new Error(`${placeOf(issue?.path ?? [])}${issue?.message ?? 'not understood'}`);
}

/** @example placeOf(['runs', 0, 'name']) // 'runs[0].name: ' */
function placeOf(path: readonly PropertyKey[]): string {
  const place = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  return place === '' ? '' : `${place.replace(/^\./, '')}: `;
}
