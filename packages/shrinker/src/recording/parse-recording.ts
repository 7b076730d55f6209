import { parseUniqueJson } from '@keepset/manifest';
import { z } from 'zod';
import { NEXTFLOW_PROCESS } from './nextflow-process.js';
import { RECORDING_VERSION, type Recording } from './recording.js';
import { count, imageId, line, parseAs } from './schema.js';

const text = z.string();
const texts = z.array(text);
/** Below the folder, and nowhere else. */
const fileName = text.regex(/^traces\/[\w.-]+\.trace$/, 'expected traces/NAME.trace');
const sha256 = text.regex(/^[0-9a-f]{64}$/, 'expected a sha256 in hexadecimal digits');
const bytes = z.strictObject({ sha256, sizeBytes: count });

const difference = z.strictObject({
  where: z.enum(['exit status', 'stdout', 'stderr']),
  exec: text.optional(),
  line: count.optional(),
  recorded: z.union([text, z.int(), z.null()]),
  now: z.union([text, z.int(), z.null()]),
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
      repairs: z
        .array(
          z.strictObject({
            traceFile: fileName,
            runs: z.array(z.strictObject({ name: line, differences: z.array(difference) })),
          }),
        )
        .optional(),
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
      hasEngineSocket: z.literal(true).optional(),
      stdout: bytes,
      stderr: bytes,
      beforeEnd: z.strictObject({ stdout: count, stderr: count }).optional(),
      execs: z.array(
        z.strictObject({
          command: texts,
          exitStatus: z.int(),
          isHealthcheck: z.literal(true).optional(),
          stdout: bytes.optional(),
          stderr: bytes.optional(),
        }),
      ),
      compose: z.strictObject({ project: line, service: line }).optional(),
      nextflow: z
        .strictObject({ process: line.regex(NEXTFLOW_PROCESS, "expected a process's name") })
        .optional(),
    }),
  ),
  compared: z
    .strictObject({
      paths: texts,
      files: z.array(
        z.strictObject({
          path: text,
          type: z.enum(['file', 'link', 'other']),
          sha256,
        }),
      ),
    })
    .optional(),
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
  return parseAs(recording, value) as Recording;
}
