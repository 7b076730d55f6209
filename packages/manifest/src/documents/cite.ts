import { type CitationContents, toBibtex, toCff, toCitationText } from '@keepset/inventory';
import type { StoredManifest } from '../record/read-manifest.js';
import { inventoryOf, usesOf } from '../usage/manifest-usage.js';

/** How the software that was used is cited: sentences, BibTeX, or the Citation File Format. */
export type CitationFormat = 'text' | 'bibtex' | 'cff';

const WRITERS: Readonly<Record<CitationFormat, (contents: CitationContents) => string | Promise<string>>> = {
  text: toCitationText,
  bibtex: toBibtex,
  cff: toCff,
};

/**
 * The software that the runs of a manifest used, to be cited: they executed, loaded or read a file of it.
 *
 * @param commandText  a command in words, for people
 * @throws ManifestError MANIFEST_INVALID  it was written without owners
 */
export async function writeCitations(
  manifest: StoredManifest,
  format: CitationFormat,
  commandText: (command: readonly string[]) => string,
): Promise<string> {
  const { packages, system } = inventoryOf(manifest);
  const used = new Map<number, string[]>();
  let unownedFiles = 0;
  for (const [path, { type, isKept, owners }] of manifest.entries) {
    if (type !== 'file' || !isKept || !usesOf(path, manifest).some(({ kind }) => kind !== 'seen')) continue;
    if (owners.length === 0) unownedFiles++;
    for (const index of owners) {
      const paths = used.get(index) ?? [];
      used.set(index, paths);
      paths.push(path);
    }
  }
  const { reference, id } = manifest.source;
  return await WRITERS[format]({
    runs: manifest.runs.map(({ name, command }) => ({ name, command: commandText(command) })),
    image: { name: reference ?? id, digest: id },
    system,
    used: packages.flatMap((each, index) => {
      const paths = used.get(index);
      return paths === undefined ? [] : [{ package: each, paths }];
    }),
    unownedFiles,
  });
}
