import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { type Content, type RunOutcome, toContent } from '@keepset/run-comparison';
import { printPath } from '@keepset/strace-parser';
import type { Clock } from '../dates/clock.js';
import { datedText } from '../dates/dated-text.js';
import { type DateField, findDates } from '../dates/find-dates.js';
import { moveDates, recordedDates } from '../dates/move-dates.js';
import { datePattern } from '../dates/spell-date.js';
import type { ExpectedContent, ExpectedSample } from '../deposit/deposit.js';

export interface Recorded {
  readonly samples: readonly ExpectedSample[];
  /** The `data` of the deposit. */
  readonly folder: string;
}

/** A run as it would have been on the day of the recorded one. */
export interface RunPutBack {
  readonly outcome: RunOutcome;
  /** Where the date of this run stood instead of the recorded one's, for people: `2 fields of standard output` */
  readonly dated: readonly string[];
}

/**
 * Where a recorded run had its date, this one may have its own: in the same spelling, and nothing else. It is put back to the
 * recorded date, so that all else is compared as always.
 *
 * @param clock  of the run
 */
export async function putDatesBack(
  outcome: RunOutcome,
  { samples, folder }: Recorded,
  clock: Clock,
): Promise<RunPutBack> {
  const dated: string[] = [];
  const putBack = async (
    content: Content,
    place: string,
    of: (sample: ExpectedSample) => ExpectedContent | undefined,
  ): Promise<Content> => {
    const known = samples.flatMap((sample) => of(sample) ?? []);
    if (known.some(({ sha256 }) => sha256 === content.sha256)) return content;
    const recorded = await datedTexts(known, folder);
    const text = recorded.length > 0 ? await datedText(content) : undefined;
    if (text === undefined) return content;
    const dates = recordedDates(recorded);
    const back = moveDates(text, findDates(text, [clock], dates.byFormat.keys()), dates);
    if (back.moved === 0) return content;
    dated.push(`${back.moved === 1 ? '1 field' : `${back.moved} fields`} of ${place}`);
    return toContent(Buffer.from(back.text, 'latin1'));
  };
  const stdout = await putBack(outcome.stdout, 'standard output', (sample) => sample.stdout);
  const stderr = await putBack(outcome.stderr, 'standard error', (sample) => sample.stderr);
  const steps: NonNullable<RunOutcome['steps']>[number][] = [];
  for (const [index, step] of (outcome.steps ?? []).entries()) {
    const [out, err] = [`standard output of ${step.name}`, `standard error of ${step.name}`];
    steps.push({
      ...step,
      stdout: await putBack(step.stdout, out, (sample) => sample.steps?.[index]?.stdout),
      stderr: await putBack(step.stderr, err, (sample) => sample.steps?.[index]?.stderr),
    });
  }
  const states = samples.map(({ files }) => new Map(files.map((file) => [file.path, file.content])));
  const files = new Map(outcome.files);
  for (const [path, state] of outcome.files) {
    const printed = printPath(path);
    const of = (sample: ExpectedSample) => states[samples.indexOf(sample)]?.get(printed);
    if (state.content === undefined) continue;
    files.set(path, { ...state, content: await putBack(state.content, printed, of) });
  }
  return { outcome: { ...outcome, stdout, stderr, ...(outcome.steps && { steps }), files }, dated };
}

async function datedTexts(contents: readonly ExpectedContent[], folder: string) {
  const texts = [];
  for (const { sizeBytes, at, dates = [] } of contents) {
    if (at === undefined || dates.length === 0) continue;
    const text = await datedText({ sizeBytes, read: () => createReadStream(join(folder, at)) });
    if (text !== undefined) texts.push({ text, dates: dates.filter((date) => isDate(text, date)) });
  }
  return texts;
}

/** A deposit is anybody's: what it says is a date is spelled like one, or none is looked for in its place. */
function isDate(text: string, { at, length, formats }: DateField): boolean {
  return formats.every((format) => {
    const pattern = new RegExp(datePattern(format), 'my');
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0].length === length;
  });
}
