import { findFrame } from './find-frame.js';
import { type FloatingMask, learnFloating } from './floating-mask.js';
import { checkFrame, type FrameFault, type FrameLine, type PlacedLine } from './frame-mask.js';
import { noiseShapeOf } from './line-chance.js';
import { type LineHold, type LineMask, learnLineMask } from './line-mask.js';
import { type Families, type Family, type Lines, sortLines } from './sort-lines.js';
import type { TupleMask } from './tuple-mask.js';

/** What the lines of a text may be: those that have a place, and those that have none. */
export interface LineModel {
  readonly frame: readonly FrameLine[];
  readonly floating: ReadonlyMap<string, FloatingMask>;
  /** What lines of one kind say together. */
  readonly tuples: ReadonlyMap<string, TupleMask>;
  readonly keyOf: Families['keyOf'];
  /** How many lines there always are, though there are now more, now fewer of some kinds. */
  readonly lineCount?: number;
}

/** A line that is not what it may be: lacking, changed, or one too many. */
export interface LineFault {
  /** As the first sample has it. */
  readonly source?: PlacedLine;
  readonly result?: PlacedLine;
  /** Whether it varies between samples. */
  readonly varies: boolean;
  /** Of a line that varies: what is in all samples nevertheless, and not in the result. */
  readonly lacking?: readonly string[];
  /** Lines are the same, in another order: so many, at most, have changed places with each other. */
  readonly moved?: number;
}

export function learnLines(samples: readonly Lines[]): LineModel {
  const families = sortLines(samples);
  const { keys, floating, tuples } = findFrame(samples, families);
  const placed = samples.map((lines) =>
    placedOf(lines).filter(({ line }) => !floating.has(families.keyOf(line) as string)),
  );
  const maskOfKind = new Map<string, LineMask>();
  const frame = keys.map((key, place) => {
    const lines = placed.map((each) => each[place] as PlacedLine);
    const own = learnLineMask(lines.map(({ line }) => line));
    const mask = own.holds === 'not-at-all' ? (maskOfKind.get(key) ?? learnKind(families, key)) : own;
    if (mask !== own) maskOfKind.set(key, mask);
    return { mask, example: lines[0] as PlacedLine };
  });
  const masks = new Map(
    [...floating].map((key) => [key, learnFloating(families.byKey.get(key) as Family, tuples.get(key))]),
  );
  const [{ length: lineCount } = []] = samples;
  const isSteady = samples.every(({ length }) => length === lineCount);
  return { frame, floating: masks, tuples, keyOf: families.keyOf, ...(isSteady && { lineCount }) };
}

/** Lines of which nothing stays (a picture of random marks) say more of each other together than at each place alone. */
function learnKind({ byKey }: Families, key: string): LineMask {
  return learnLineMask([...new Set((byKey.get(key) as Family).lines.flat())]);
}

/** Of a text that never varied. */
export function steadyLines(lines: Lines): LineModel {
  const frame = placedOf(lines).map((example) => ({ mask: learnLineMask([example.line]), example }));
  return { frame, floating: new Map(), tuples: new Map(), keyOf: () => undefined };
}

function placedOf(lines: Lines): readonly PlacedLine[] {
  return lines.map((line, at) => ({ line, at }));
}

/**
 * Find all lines of a text that are not what they may be.
 *
 * @param sample  the first one, to show what was expected
 */
export function checkLines(
  { frame, floating, tuples, keyOf, lineCount }: LineModel,
  lines: Lines,
  sample: Lines,
): readonly LineFault[] {
  const byKey = Map.groupBy(placedOf(lines), ({ line }) => keyOf(line) ?? '');
  const framed = placedOf(lines).filter(({ line }) => !floating.has(keyOf(line) ?? ''));
  const faults = checkFrame(frame, framed).map(toLineFault);
  if (faults.length === 0) {
    for (const [key, mask] of tuples) {
      if (floating.has(key)) continue;
      const own = byKey.get(key) ?? [];
      if (mask.accepts(own.map(({ line }) => line))) continue;
      const source = placedOf(sample).find(({ line }) => keyOf(line) === key);
      faults.push({ varies: true, ...(source && { source }), ...(own[0] && { result: own[0] }) });
    }
  }
  for (const [key, mask] of floating) {
    const own = byKey.get(key) ?? [];
    for (const fault of mask.check(own.map(({ line }) => line))) {
      if ('missing' in fault)
        faults.push({ varies: true, source: { line: fault.missing, at: sample.indexOf(fault.missing) } });
      else {
        const result = own.find(({ line }) => line === fault.extra) as PlacedLine;
        faults.push({ varies: true, result, lacking: fault.lacking });
      }
    }
  }
  if (faults.length === 0 && lineCount !== undefined && lines.length !== lineCount) {
    const varies = ({ line }: PlacedLine) => floating.get(keyOf(line) ?? '')?.countVaries === true;
    const [source, result] = [placedOf(sample).findLast(varies), placedOf(lines).findLast(varies)];
    const isMore = lines.length > lineCount;
    faults.push({ varies: true, ...(isMore ? result && { result } : source && { source }) });
  }
  return paired(faults);
}

function toLineFault({ source, result, moved }: FrameFault): LineFault {
  return {
    varies: source !== undefined && source.mask.holds !== 'exactly',
    lacking: source === undefined || result === undefined ? [] : source.mask.lacking(result.line),
    ...(source && { source: source.example }),
    ...(result && { result }),
    ...(moved !== undefined && { moved }),
  };
}

/** A line that is lacking and one too many of the same form are one that changed. */
function paired(faults: readonly LineFault[]): readonly LineFault[] {
  const [missing, others] = [faults.filter(({ result }) => !result), faults.filter(({ result }) => result)];
  const byShape = Map.groupBy(missing, ({ source }) => noiseShapeOf(source?.line ?? ''));
  const together = others.map((fault) => {
    if (fault.source !== undefined) return fault;
    const lacking = byShape.get(noiseShapeOf(fault.result?.line ?? ''))?.shift();
    // It was not seen to vary: it is another one that does.
    return lacking === undefined ? fault : { ...lacking, ...fault, varies: false };
  });
  return [...together, ...[...byShape.values()].flat()];
}

/** How a text is held, line by line. */
export function holdsOf({ frame, floating, keyOf }: LineModel, lines: Lines): readonly LineHold[] {
  let place = 0;
  return lines.map(
    (line) => floating.get(keyOf(line) ?? '')?.holds ?? frame[place++]?.mask.holds ?? 'exactly',
  );
}
