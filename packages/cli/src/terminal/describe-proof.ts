import { printVerification, type Repair } from '@keepset/manifest';
import { describeHeldOut, type ShrinkResult } from '@keepset/shrinker';
import { printPath } from '@keepset/strace-parser';
import { describeSign } from './describe-sign.js';
import { formatCount } from './format-count.js';
import { maskedText, notComparedText } from './masked-text.js';
import { comparedFiles } from './verdict-text.js';

/** What speaks for and against a result, for people: lines without newline. */
export function describeProof({ signs, heldOut, repairs }: ShrinkResult): readonly string[] {
  return [
    ...signs.map(describeSign),
    ...heldOut
      .filter(({ differences }) => differences.length > 0)
      .flatMap(describeHeldOut)
      .map((line) => `warning: ${line}`),
    ...describeRepairs(repairs),
  ];
}

/** The same for scripts. */
export function proofJson({ verified, verification, repairs, signs, heldOut }: ShrinkResult): object {
  const { level, masked, ...counts } = printVerification(verification);
  return {
    verified,
    verdict: level,
    comparedFiles: comparedFiles(verification),
    ...counts,
    masked,
    repairs: repairs.map(({ round, run, path, because }) => ({
      round,
      run,
      path: printPath(path),
      ...(because !== undefined && { because }),
    })),
    signs,
    checks: heldOut.map(({ name, command, differences, missing }) => ({
      name,
      command,
      same: differences.length === 0,
      missing: missing.map(({ path, packages }) => ({ path: printPath(path), packages })),
    })),
  };
}

/** What varies by itself, and is compared only in what stays; and what was not compared at all. */
export function masking({ verification: { masked, notCompared } }: ShrinkResult): [string, string][] {
  const rows: [string, string][] = [];
  if (masked.length > 0) rows.push(['varies', `${some(masked.map(maskedText))}: the rest of it is the same`]);
  if (notCompared.length > 0)
    rows.push(['unknown', `${some(notCompared.map(notComparedText))}: not compared`]);
  return rows;
}

function some(texts: readonly string[]): string {
  const others = texts.length > SHOWN ? ` and ${texts.length - SHOWN} more` : '';
  return `${texts.slice(0, SHOWN).join(', ')}${others}`;
}

/** The commands that had no part in making the result. */
export function checking({ heldOut }: ShrinkResult): [string, string][] {
  if (heldOut.length === 0) return [];
  const same = heldOut.filter(({ differences }) => differences.length === 0).map(({ name }) => name);
  return [['checked', `${same.length} of ${heldOut.length} held-out runs do the same: ${same.join(', ')}`]];
}

const SHOWN = 3;

/** What the trace did not show, and what differed without it. */
function describeRepairs(repairs: readonly Repair[]): string[] {
  const [first] = repairs;
  if (first === undefined) return [];
  const paths = repairs.map(({ path }) => printPath(path));
  const shown = `${paths.slice(0, SHOWN).join(', ')}${paths.length > SHOWN ? ', …' : ''}`;
  const [added, them] =
    paths.length === 1 ? ['1 path was', 'it'] : [`${formatCount(paths.length)} paths were`, 'them'];
  const because = first.because === undefined ? '' : `, since without ${them} ${first.because}`;
  return [`repaired: ${added} added${because}: ${shown}`];
}
