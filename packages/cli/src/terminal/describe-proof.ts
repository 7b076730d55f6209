import { printMasked, type Repair } from '@keepset/manifest';
import { describeHeldOut, type ShrinkResult } from '@keepset/shrinker';
import { printPath } from '@keepset/strace-parser';
import { describeSign } from './describe-sign.js';
import { formatCount } from './format-count.js';
import { maskedText } from './masked-text.js';

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
export function proofJson({
  verified,
  comparedFiles,
  repairs,
  masked,
  signs,
  heldOut,
}: ShrinkResult): object {
  return {
    verified,
    comparedFiles,
    repairs: repairs.map(({ round, run, path }) => ({ round, run, path: printPath(path) })),
    masked: masked.map(printMasked),
    signs,
    checks: heldOut.map(({ name, command, differences, missing }) => ({
      name,
      command,
      same: differences.length === 0,
      missing: missing.map(({ path, packages }) => ({ path: printPath(path), packages })),
    })),
  };
}

/** Whether the result does the same, and in what. */
export function verification({ verified, comparedFiles }: ShrinkResult): string {
  if (!verified) return 'no';
  const count = comparedFiles === 1 ? 'the file' : `the ${formatCount(comparedFiles)} files`;
  const files = comparedFiles === 0 ? '' : `, and ${count} that it wrote`;
  return `yes: the same exit status and output${files}`;
}

/** What varies by itself, and was not held against the result. */
export function masking({ masked }: ShrinkResult): [string, string][] {
  const texts = masked.map(maskedText);
  if (texts.length === 0) return [];
  const others = texts.length > SHOWN ? ` and ${texts.length - SHOWN} more` : '';
  return [['varies', `${texts.slice(0, SHOWN).join(', ')}${others}: not compared`]];
}

/** The commands that had no part in making the result. */
export function checking({ heldOut }: ShrinkResult): [string, string][] {
  if (heldOut.length === 0) return [];
  const same = heldOut.filter(({ differences }) => differences.length === 0).map(({ name }) => name);
  return [['checked', `${same.length} of ${heldOut.length} checks do the same: ${same.join(', ')}`]];
}

const SHOWN = 3;

/** Each is a bug in keepset: the trace should have shown the path. */
function describeRepairs(repairs: readonly Repair[]): string[] {
  if (repairs.length === 0) return [];
  const paths = repairs.map(({ path }) => printPath(path));
  const shown = `${paths.slice(0, SHOWN).join(', ')}${paths.length > SHOWN ? ', …' : ''}`;
  return [
    `repaired: the result lacked ${formatCount(paths.length)} ${paths.length === 1 ? 'path' : 'paths'} that the trace did not show: ${shown}`,
  ];
}
