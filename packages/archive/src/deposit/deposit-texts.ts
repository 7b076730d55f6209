import { sha256Of } from './bag.js';
import { cffText, codemetaText, zenodoText } from './citation-texts.js';
import type { Deposit, DepositFile } from './deposit.js';
import { previewText, readmeText } from './pages.js';
import { roCrateText } from './ro-crate.js';
import { runsText } from './runs-file.js';
import { checkScript, runScript, wholeScript } from './scripts.js';

/** Texts that can be executed. */
export const SCRIPTS: ReadonlySet<string> = new Set(['run.sh', 'check.sh', 'whole.sh']);

/**
 * The texts of a deposit, by their names below `data`: the same deposit, the same bytes. Nothing is read, no clock is
 * asked.
 *
 * @example depositTexts(deposit).has('ro-crate-metadata.json') // true
 */
export function depositTexts(deposit: Deposit): ReadonlyMap<string, string> {
  const texts = new Map([
    ['.zenodo.json', zenodoText(deposit)],
    ['CITATION.cff', cffText(deposit)],
    ['README.md', readmeText(deposit)],
    ['check.sh', checkScript(deposit)],
    ['codemeta.json', codemetaText(deposit)],
    ['run.sh', runScript(deposit)],
    ['runs.json', runsText(deposit)],
    ...deposit.images.flatMap(({ remainder }) =>
      remainder === undefined ? [] : [['whole.sh', wholeScript(remainder)] as const],
    ),
  ]);
  const files = sorted([...deposit.files, ...[...texts].map(fileOf)]);
  // These two name all others.
  return texts
    .set('ro-crate-preview.html', previewText({ ...deposit, files }))
    .set('ro-crate-metadata.json', roCrateText({ ...deposit, files }));
}

export function fileOf([path, text]: readonly [path: string, text: string]): DepositFile {
  return { path, sha256: sha256Of(text), sizeBytes: Buffer.byteLength(text) };
}

export function sorted(files: readonly DepositFile[]): readonly DepositFile[] {
  return [...files].sort((one, other) => (one.path < other.path ? -1 : 1));
}
