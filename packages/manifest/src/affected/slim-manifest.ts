import type { InstalledPackage } from '@keepset/inventory';
import type { Reason } from '@keepset/keep-planner';
import { parsePrintedPath, printPath } from '@keepset/strace-parser';
import type { StoredPath } from '../record/entry-table.js';
import { parseReasons, type StoredInventory, toAnswer, toInventory } from '../record/read-manifest.js';
import { scanManifest } from '../record/scan-manifest.js';
import { namesOfRuns, toUses } from '../usage/manifest-usage.js';
import type { AskableManifest } from './affected.js';

/** Of a manifest what questions about packages and files need, in texts that are quick to look through. */
export interface SlimManifest {
  /**
   * By owner (a place in the inventory's packages; `NOBODY`), a line for each entry: type, state, use, owners, place in
   * `runSets`, path, and where a link leads; by tabs. An entry of several owners stands with each of them.
   */
  readonly files: ReadonlyMap<number, string>;
  /** A line for each kept file of which the content is known: sha256 and path. */
  readonly contents: string;
  /** Paths of kept files that are nobody's, in lower case, a line each. */
  readonly unowned: string;
  /** The sets of runs that used a file. */
  readonly runSets: readonly (readonly string[])[];
}

/** Owner of the entries that no package owns. */
export const NOBODY = -1;

const TYPE_LETTERS: Readonly<Record<string, string>> = { directory: 'd', file: 'f', symlink: 'l' };
const TYPES: Readonly<Record<string, string>> = { d: 'directory', f: 'file', l: 'symlink' };

/**
 * Read a manifest as far as questions need it. No entry is held.
 *
 * @returns the inventory besides, as the manifest has it
 * @throws ManifestError MANIFEST_INVALID
 */
export async function readSlim(
  file: string,
): Promise<SlimManifest & { readonly inventory: StoredInventory | undefined }> {
  const files = new Map<number, string>();
  const contents: string[] = [];
  const unowned: string[] = [];
  const runSets = new Map<string, number>();
  const rest = await scanManifest(file, (entry, reasons) => {
    const { type, stub, linkTarget, owners = NO_OWNERS, sha256 } = entry;
    const isKept = reasons !== undefined;
    const path = parsePrintedPath(entry.path);
    const uses = isKept ? toUses(path, parseReasons(reasons, [])).filter(({ kind }) => kind !== 'seen') : [];
    const runs = uses.length === 0 ? '[]' : JSON.stringify(namesOfRuns(uses));
    if (!runSets.has(runs)) runSets.set(runs, runSets.size);
    const state = stub ? 's' : isKept ? 'k' : 'r';
    // As it stands in the manifest, where keepset wrote that.
    const printed = printPath(path);
    const link = linkTarget === undefined ? '' : `\t${printPath(parsePrintedPath(linkTarget))}`;
    const line = `${TYPE_LETTERS[type] ?? 'o'}${state}${uses.length > 0 ? 'u' : '-'}\t${owners.join()}\t${runSets.get(runs)}\t${printed}${link}\n`;
    for (const owner of owners.length === 0 ? NOBODYS : owners)
      files.set(owner, (files.get(owner) ?? '') + line);
    if (isKept && sha256 !== undefined) contents.push(`${sha256}\t${printed}`);
    if (isKept && type === 'file' && owners.length === 0) unowned.push(printed.toLowerCase());
  });
  return {
    files,
    contents: contents.join('\n'),
    unowned: unowned.join('\n'),
    runSets: [...runSets.keys()].map((text) => JSON.parse(text) as string[]),
    inventory: toInventory(rest),
  };
}

/**
 * The manifest again, as far as a question goes: how a file was used is not told, but that it was, and by which runs.
 *
 * @param slim.files  lines of those whose files are asked about
 */
export function fromSlim(
  {
    files,
    contents,
    runSets,
  }: Pick<SlimManifest, 'contents' | 'runSets'> & { readonly files: readonly string[] },
  inventory: AskableManifest['inventory'] & { readonly packages: readonly InstalledPackage[] },
): AskableManifest {
  const sums = new Map(
    contents === '' ? [] : contents.split('\n').map((line) => [line.slice(65), line.slice(0, 64)] as const),
  );
  const entries = new Map<string, StoredPath>();
  const used = new Map<string, readonly string[]>();
  for (const line of files.flatMap((text) => text.split('\n'))) {
    if (line === '') continue;
    const [letters = '', own = '', runs = '', printed = '', link] = line.split('\t');
    const path = toPath(printed);
    const sha256 = sums.get(printed);
    entries.set(path, {
      type: TYPES[letters[0] ?? ''] ?? 'other',
      sizeBytes: 0,
      isKept: letters[1] !== 'r',
      isStub: letters[1] === 's',
      uid: 0,
      gid: 0,
      owners: own === '' ? NO_OWNERS : own.split(',').map(Number),
      ...(link !== undefined && { linkTarget: toPath(link) }),
      ...(sha256 !== undefined && { sha256 }),
    });
    if (letters[2] === 'u') used.set(path, runSets[Number(runs)] ?? []);
  }
  return {
    entries,
    inventory,
    kept: {
      get(path) {
        const runs = used.get(path);
        return runs === undefined
          ? undefined
          : { reasons: runs.length === 0 ? [EXECUTED] : runs.map(toReason) };
      },
    },
    readLinks: async (paths) => paths.map((path) => toAnswer(entries.get(path))),
  };
}

const NO_OWNERS: readonly number[] = [];
const NOBODYS: readonly number[] = [NOBODY];
/** By the kernel, in no run's name. */
const EXECUTED: Reason = { kind: 'rule', rule: 'interpreter' };

function toReason(run: string): Reason {
  return { kind: 'access', run, action: 'open', call: '', line: 1, count: 1 };
}

/** Nearly all paths are printed as they are. A copy: a part of a text holds the whole, and answers of an archive many. */
function toPath(printed: string): string {
  const isPlain = /^[\x20-\x5b\x5d-\x7e]*$/.test(printed);
  return isPlain ? Buffer.from(printed, 'latin1').toString('latin1') : parsePrintedPath(printed);
}
