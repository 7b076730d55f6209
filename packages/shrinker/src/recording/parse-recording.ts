import { parseUniqueJson } from '@keepset/manifest';
import { z } from 'zod';
import { RECORDING_VERSION, type Recording } from './recording.js';

const text = z.string();
const texts = z.array(text);
const count = z.int().nonnegative();
/** One line of what can be printed. */
const line = text.max(4096).regex(/^[^\p{Cc}]*$/u, 'it may hold no control character');
const imageId = text.regex(/^sha256:[0-9a-f]{64}$/, 'expected sha256:… of an image');
/** Below the folder, and nowhere else. */
const fileName = text.regex(/^traces\/[\w.-]+\.trace$/, 'expected traces/NAME.trace');
const bytes = z.strictObject({
  sha256: text.regex(/^[0-9a-f]{64}$/, 'expected a sha256 in hexadecimal digits'),
  sizeBytes: count,
});

const recording = z.strictObject({
  recordingVersion: z.literal(RECORDING_VERSION),
  tool: z.strictObject({ name: z.literal('keepset'), version: line }),
  program: line,
  exitStatus: z.int().min(0).max(255),
  images: z.array(
    z.strictObject({
      references: z.array(line).min(1),
      id: imageId,
      architecture: line,
      traceFile: fileName.optional(),
      traceBytes: count.optional(),
    }),
  ),
  containers: z.array(
    z.strictObject({
      number: count,
      name: line,
      image: line,
      imageId,
      command: texts,
      variables: texts,
      client: line,
      starts: count,
      exitStatus: z.int().min(0).max(255).nullable(),
      seconds: z.number().nonnegative(),
      tty: z.boolean(),
      stdout: bytes,
      stderr: bytes,
      execs: z.array(z.strictObject({ command: texts, exitStatus: z.int() })),
    }),
  ),
  untraced: z.array(
    z.strictObject({
      name: line,
      image: line,
      imageId: imageId.optional(),
      command: texts,
      reason: line,
    }),
  ),
});

/**
 * Read the account of a recording: it is data, whoever wrote it.
 *
 * @throws Error  says what is wrong, and where
 */
export function parseRecording(json: string): Recording {
  const value = parseUniqueJson(json) as { readonly recordingVersion?: unknown } | null;
  const version = value?.recordingVersion;
  if (typeof version === 'number' && version !== RECORDING_VERSION)
    throw new Error(`it is of version ${version}, and this keepset reads ${RECORDING_VERSION}`);
  const parsed = recording.safeParse(value);
  if (parsed.success) return parsed.data as Recording;
  const [issue] = parsed.error.issues;
  throw new Error(`${(issue?.path ?? []).join('.')}: ${issue?.message ?? 'not understood'}`);
}
