import { createReadStream } from 'node:fs';
import type { Hardening } from '@keepset/hardening';
import type { Inventory, MetadataPolicy } from '@keepset/inventory';
import type { PlanWarning } from '@keepset/keep-planner';
import { ManifestError } from '../manifest-error.js';
import {
  MANIFEST_VERSION,
  type ManifestCheck,
  type ManifestGenerated,
  type ManifestImage,
  type ManifestRun,
  type MaskedInRun,
  type Repair,
} from './manifest.js';
import { requireEntry, requireReasons, requireRest } from './manifest-shape.js';
import { parseUniqueJson, RepeatedKeyError } from './parse-unique-json.js';
import { ShapeError } from './shape.js';
import type { Verification } from './verification.js';

/** An entry as it stands in a manifest: its path is C-escaped. */
export interface ScannedEntry {
  readonly path: string;
  readonly type: string;
  readonly sizeBytes: number;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly mtimeSeconds?: number;
  readonly linkTarget?: string;
  readonly hardLinkTo?: string;
  readonly stub?: true;
  readonly sourceSizeBytes?: number;
  /** Hexadecimal digits; of kept files, where it is known. */
  readonly sha256?: string;
  readonly owners?: readonly number[];
}

/** Everything of a manifest but its two long lists. Paths are C-escaped. */
export interface ManifestRest {
  readonly platform?: { readonly os: string; readonly architecture: string };
  readonly source: Omit<ManifestImage, 'sizeBytes'> & { readonly sizeBytes?: number };
  readonly result: Omit<ManifestImage, 'sizeBytes'> & { readonly sizeBytes?: number };
  readonly runs: readonly (Pick<ManifestRun, 'name' | 'command'> & Partial<ManifestRun>)[];
  readonly verified?: boolean;
  readonly verification?: Verification;
  readonly checks?: readonly ManifestCheck[];
  readonly metadata?: MetadataPolicy;
  readonly generated?: readonly ManifestGenerated[];
  readonly repairs?: readonly Omit<Repair, 'reasons'>[];
  readonly masked?: readonly MaskedInRun[];
  readonly hardening?: Hardening;
  readonly warnings?: readonly PlanWarning[];
  readonly listed?: readonly string[];
  readonly programs: readonly { readonly path: string; readonly argv: readonly string[] }[];
  readonly system?: Inventory['system'];
  readonly unowned?: Inventory['unowned'];
  readonly inventoryWarnings?: Inventory['warnings'];
  readonly packages?: Inventory['packages'];
}

interface WholeText extends ManifestRest {
  readonly manifestVersion?: unknown;
  readonly kept?: readonly (ScannedEntry & { readonly reasons: unknown })[];
  readonly removed?: readonly ScannedEntry[];
}

/**
 * @param reasons  JSON text of the entry's reasons; undefined for what was removed
 */
export type OnScannedEntry = (entry: ScannedEntry, reasons: string | undefined) => void;

/**
 * Go through a manifest without holding it: what `writeManifest` wrote has one entry a line, so each is read alone and
 * handed on. A manifest that another program has laid out anew is understood as well, and held whole.
 *
 * @param only  C-escaped paths: what else there is on lines of its own is passed over, not parsed. Default all
 * @throws ManifestError MANIFEST_INVALID  it cannot be read, or is of another version
 */
export async function scanManifest(
  file: string,
  onEntry: OnScannedEntry,
  only?: ReadonlySet<string>,
): Promise<ManifestRest> {
  const wanted = only && new Set([...only].map((path) => JSON.stringify(path).slice(1, -1)));
  const takeEntry: OnScannedEntry = (entry, reasons) => {
    requireEntry(entry);
    onEntry(entry, reasons);
  };
  let whole: WholeText;
  try {
    whole = parseUniqueJson(await takeEntries(file, takeEntry, wanted)) as WholeText;
  } catch (cause) {
    throw unreadable(file, cause);
  }
  if (whole?.manifestVersion !== MANIFEST_VERSION) {
    throw new ManifestError('MANIFEST_INVALID', `${file} is no manifest of version ${MANIFEST_VERSION}`, {
      hint: HINT,
    });
  }
  const { kept = [], removed = [], ...rest } = whole;
  try {
    requireRest(rest);
    if (!Array.isArray(kept) || !Array.isArray(removed)) throw new ShapeError('kept or removed is no list');
    for (const each of kept) {
      requireReasons(each?.reasons, String(each?.path));
      const { reasons, ...entry } = each;
      takeEntry(entry, JSON.stringify(reasons));
    }
    for (const entry of removed) takeEntry(entry, undefined);
  } catch (cause) {
    throw unreadable(file, cause);
  }
  return rest;
}

function unreadable(file: string, cause: unknown): ManifestError {
  return new ManifestError('MANIFEST_INVALID', `cannot read the manifest ${file} (${whyNot(cause)})`, {
    ...(cause instanceof ShapeError && { hint: HINT }),
    ...(file.endsWith('.tar') && {
      hint: 'An image in a file is named docker-archive:FILE, or oci-archive:FILE.',
    }),
    cause,
  });
}

function whyNot(cause: unknown): string {
  if (cause instanceof ShapeError || cause instanceof RepeatedKeyError) return cause.message;
  if (cause instanceof SyntaxError) return 'it is not JSON';
  const { code = 'unknown' } = cause as { code?: string };
  return CAUSES.get(code) ?? code;
}

const HINT = 'Shrink the image again, and have this version write the manifest.';

const CAUSES: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is none'],
  ['EISDIR', 'it is a folder'],
  ['EACCES', 'it may not be read'],
  ['ERR_STRING_TOO_LONG', 'what is on one of its lines is too long'],
]);

const ENTRY_START = '    {"path":';
/** No string of JSON can hold this: there, a quotation mark has a backslash before it or ends the string. */
const REASONS_START = ',"reasons":';
/** Small, so that what has been read is thrown away with the young objects. */
const READ_BYTES = 64 * 1024;

/**
 * Hand on the entries that stand on lines of their own; returns the text without them.
 *
 * @param wanted  paths as they stand in the text
 */
async function takeEntries(
  file: string,
  onEntry: OnScannedEntry,
  wanted: ReadonlySet<string> | undefined,
): Promise<string> {
  const rest: string[] = [];
  let isEntryList = false;
  const takeLine = (line: string) => {
    if (!isEntryList || !line.startsWith(ENTRY_START)) {
      isEntryList = line === '  "kept": [' || line === '  "removed": [';
      rest.push(line);
      return;
    }
    const end = line.lastIndexOf('}') + 1;
    const tail = line.slice(end);
    if (tail !== ',') rest.push(tail);
    if (wanted !== undefined && !wanted.has(pathTextOf(line))) return;
    const reasonsAt = line.indexOf(REASONS_START);
    if (reasonsAt === -1) {
      const entry = JSON.parse(line.slice(0, end)) as ScannedEntry & { readonly reasons?: unknown };
      if (entry.reasons === undefined) onEntry(entry, undefined);
      else {
        // By a program that puts spaces elsewhere.
        const { reasons, ...rest } = entry;
        onEntry(rest, JSON.stringify(reasons));
      }
    } else {
      const entry = JSON.parse(`${line.slice(0, reasonsAt)}}`) as ScannedEntry;
      onEntry(entry, line.slice(reasonsAt + REASONS_START.length, end - 1));
    }
  };
  let begun = '';
  for await (const chunk of createReadStream(file, { encoding: 'utf8', highWaterMark: READ_BYTES })) {
    const text = begun + (chunk as string);
    let start = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
      takeLine(text.slice(start, end));
      start = end + 1;
    }
    begun = text.slice(start);
  }
  takeLine(begun);
  return rest.join('\n');
}

/** The path of an entry's line, with JSON's escapes. */
function pathTextOf(line: string): string {
  const start = ENTRY_START.length + 1;
  let end = line.indexOf('"', start);
  while (end !== -1 && line[end - 1] === '\\' && isEscaped(line, end)) end = line.indexOf('"', end + 1);
  return line.slice(start, end);
}

/** Whether an odd number of backslashes stands before a place. */
function isEscaped(text: string, at: number): boolean {
  let start = at;
  while (text[start - 1] === '\\') start--;
  return (at - start) % 2 === 1;
}
