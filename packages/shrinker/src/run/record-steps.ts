import { randomUUID } from 'node:crypto';
import type { OutputChunk } from '@keepset/docker-engine';
import type { StepOutcome } from '@keepset/run-comparison';
import { isExpected, printStep, type Service, type StepOutcome as Taken } from '@keepset/tracer';
import { ShrinkError } from '../shrink-error.js';
import { type OutputRecord, type OutputRecorder, recordOutput } from './record-output.js';

/** What the steps of one run of a service print, on disk. */
export interface StepRecorder extends AsyncDisposable {
  onStepOutput(index: number, chunk: OutputChunk): Promise<void>;
  finish(steps: readonly Taken[]): Promise<readonly StepOutcome[]>;
}

/**
 * @param service  whose steps they are
 * @param onOutput  is given what commands print, as it comes; not what servers answer
 */
export function recordSteps(
  folder: string,
  service: Service | undefined,
  onOutput: (chunk: OutputChunk) => void | Promise<void>,
): StepRecorder {
  const records: OutputRecord[] = [];
  const openRecorder = () => recordOutput(folder, `step-${randomUUID()}`);
  let open: { readonly index: number; readonly recorder: Promise<OutputRecorder> } | undefined;
  /** One step after the other, so that a thousand of them hold no more files open than one. */
  const recorderOf = (index: number): Promise<OutputRecorder> => {
    if (open?.index !== index) open = { index, recorder: openNext(open?.recorder, index) };
    return open.recorder;
  };
  const openNext = async (previous: Promise<OutputRecorder> | undefined, index: number) => {
    if (previous !== undefined) records.push(await (await previous).finish());
    // Of steps that printed nothing.
    while (records.length < index) records.push(await (await openRecorder()).finish());
    return await openRecorder();
  };
  return {
    async onStepOutput(index, chunk) {
      await (await recorderOf(index)).write(chunk);
      // What a crawl finds is behind the steps that were said.
      const { kind = 'http' } = service?.steps[index] ?? {};
      if (kind !== 'http') await onOutput(chunk);
    },
    async finish(steps) {
      await recorderOf(steps.length);
      return steps.map(({ step, status }, index) => ({
        name: printStep(step),
        exitStatus: status,
        ...(records[index] as OutputRecord),
      }));
    },
    async [Symbol.asyncDispose]() {
      await (await open?.recorder)?.[Symbol.asyncDispose]();
    },
  };
}

const LINES_SHOWN = 5;

/**
 * What was asked of the source must have been answered as it should.
 *
 * @param outcomes  of the same steps
 * @throws ShrinkError STEP_FAILED
 */
export async function requireAnswers(
  steps: readonly Taken[],
  outcomes: readonly StepOutcome[],
): Promise<void> {
  for (const [index, taken] of steps.entries()) {
    const outcome = outcomes[index];
    if (isExpected(taken) || outcome === undefined) continue;
    const ending =
      taken.status === undefined
        ? `got no answer (${taken.failure ?? 'unknown'})`
        : `ended with ${taken.step.kind === 'http' ? 'HTTP ' : ''}${taken.status}`;
    throw new ShrinkError(
      'STEP_FAILED',
      `${printStep(taken.step)} ${ending} in the source image, so no image was made`,
      {
        details: [...(await lastLines(outcome.stdout.read())), ...(await lastLines(outcome.stderr.read()))],
        hint:
          taken.step.kind === 'http' && taken.step.port === undefined && taken.status === undefined
            ? 'Say at which port it is to be asked (:PORT/path), or what is to be awaited first.'
            : 'Mend what is asked, or say what is to be awaited first.',
      },
    );
  }
}

/** Enough for the last lines of what is read by people. */
const TAIL_BYTES = 4096;

async function lastLines(chunks: AsyncIterable<Uint8Array>): Promise<readonly string[]> {
  let tail = Buffer.alloc(0);
  for await (const chunk of chunks) tail = Buffer.concat([tail, chunk]).subarray(-TAIL_BYTES);
  const text = tail.toString('utf8').trimEnd();
  return text === '' ? [] : text.split('\n').slice(-LINES_SHOWN);
}
