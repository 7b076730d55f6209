import { createHash } from 'node:crypto';
import { isSigned } from '@keepset/manifest';
import { ArchiveError } from './archive-error.js';
import { type Contents, type ContentsKind, openContents } from './contents/open-contents.js';
import { decodeBagPath, SIGNATURE, TAG_SUMS } from './deposit/bag.js';
import { plainLine } from './deposit/quote.js';
import { parseRuns } from './deposit/runs-file.js';

/** What became of a check of a deposit. */
export interface ArchiveCheck {
  readonly kind: ContentsKind;
  readonly files: number;
  readonly sizeBytes: number;
  /** What is wrong, for people, one line each: `data/inputs/1/a.csv is not what was deposited`. Empty: nothing. */
  readonly problems: readonly string[];
  /** Whether it is signed, and by the key that was given. Absent: it is not. */
  readonly signed?: 'checked' | 'unchecked';
}

/** By whom a deposit must be signed. */
export interface VerifyArchiveOptions {
  /** A public key in PEM, of whose private half the signature is. Default: it need not be signed. */
  readonly key?: string;
}

/**
 * Check every file of a deposit against its checksums, and its structure. Nothing is written, and no engine is needed.
 *
 * @param path  of a folder, a zip or a tar
 * @throws ArchiveError ARCHIVE_INVALID  it is none, is cut off, or holds what no deposit holds
 * @throws ManifestError KEY_INVALID
 * @example (await verifyArchive('paper.zip')).problems // []
 */
export async function verifyArchive(path: string, { key }: VerifyArchiveOptions = {}): Promise<ArchiveCheck> {
  const { check, texts, signature } = await examine(await openContents(path));
  if (key === undefined) return { ...check, ...(signature && { signed: 'unchecked' as const }) };
  const sums = Buffer.from(texts.get(TAG_SUMS) ?? '');
  const wrong =
    (signature === undefined && 'it is not signed') ||
    (signature !== undefined && !isSigned(sums, signature, key) && 'it is not signed by this key');
  if (wrong) return { ...check, problems: [wrong, ...check.problems] };
  return { ...check, signed: 'checked' };
}

/** A deposit, hashed. */
export interface Examined {
  readonly check: ArchiveCheck;
  /** Of its tag files and of `data/runs.json`, by name. */
  readonly texts: ReadonlyMap<string, string>;
  readonly signature?: Buffer;
}

/** Texts that a check reads. */
const RUNS = 'data/runs.json';
const BAGIT = 'bagit.txt';
const PAYLOAD = 'manifest-sha256.txt';
const READ: ReadonlySet<string> = new Set([RUNS, BAGIT, 'bag-info.txt', PAYLOAD, TAG_SUMS, SIGNATURE]);
/** A deposit of 100,000 files has a tenth of it. */
const TEXT_BYTES_MAX = 256 * 1024 * 1024;
const PROBLEMS_MAX = 1000;

/**
 * @param onMember  is given each file's bytes as they come by
 * @throws ArchiveError ARCHIVE_INVALID
 */
export async function examine(
  contents: Contents,
  onMember: (name: string) => Promise<MemberSink | undefined> = async () => undefined,
): Promise<Examined> {
  const sums = new Map<string, string>();
  const texts = new Map<string, string>();
  let signature: Buffer | undefined;
  let sizeBytes = 0;
  let payloadBytes = 0;
  for await (const { name, content } of contents.members()) {
    const hash = createHash('sha256');
    const held: Uint8Array[] | undefined = READ.has(name) ? [] : undefined;
    let bytes = 0;
    const sink = await onMember(name);
    try {
      for await (const chunk of content()) {
        hash.update(chunk);
        bytes += chunk.length;
        if (held !== undefined && bytes > TEXT_BYTES_MAX)
          throw new ArchiveError('ARCHIVE_INVALID', `${name} is too long`);
        held?.push(Uint8Array.from(chunk));
        await sink?.write(chunk);
      }
    } finally {
      await sink?.close();
    }
    sums.set(name, hash.digest('hex'));
    if (name === SIGNATURE) signature = Buffer.concat(held ?? []);
    else if (held !== undefined) texts.set(name, Buffer.concat(held).toString('utf8'));
    sizeBytes += bytes;
    if (name.startsWith('data/')) payloadBytes += bytes;
  }
  requireBag(texts);
  const problems = [
    ...compareSums(texts.get(PAYLOAD) ?? '', sums, (name) => name.startsWith('data/')),
    ...compareSums(texts.get(TAG_SUMS) ?? '', sums, isTagFile),
    ...wrongBlobs(sums),
    ...wrongOxum(texts.get('bag-info.txt') ?? '', sums, payloadBytes),
    ...wrongRuns(texts.get(RUNS)),
  ];
  const check = { kind: contents.kind, files: sums.size, sizeBytes, problems: shown(problems) };
  return { check, texts, ...(signature && { signature }) };
}

/** What its list can name. */
function isTagFile(name: string): boolean {
  return !name.startsWith('data/') && name !== TAG_SUMS && name !== SIGNATURE;
}

/** Where the bytes of a member go as well. */
export interface MemberSink {
  write(chunk: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

function requireBag(texts: ReadonlyMap<string, string>): void {
  const missing = [BAGIT, PAYLOAD].find((name) => !texts.has(name));
  if (missing === undefined && /^BagIt-Version: (0\.97|1\.0)\r?\n/.test(texts.get(BAGIT) ?? '')) return;
  throw new ArchiveError(
    'ARCHIVE_INVALID',
    missing === undefined
      ? 'its bagit.txt is of a version that is not known'
      : `it is no deposit: it has no ${missing}`,
    { hint: 'Name the folder, zip or tar that keepset archive wrote.' },
  );
}

/** @param isListed  whether this list names a file of this name */
function* compareSums(
  text: string,
  sums: ReadonlyMap<string, string>,
  isListed: (name: string) => boolean,
): Generator<string> {
  const listed = new Map<string, string>();
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const [, sum = '', name = ''] = /^([0-9A-Fa-f]{64})[ \t]+\*?(.+?)\r?$/.exec(line) ?? [];
    const path = decodeBagPath(name);
    if (sum === '' || !isListed(path)) yield `a line of a checksum list is none: ${line.slice(0, 200)}`;
    else if (listed.has(path)) yield `${path} is listed twice`;
    else listed.set(path, sum.toLowerCase());
  }
  for (const [name, sum] of listed) {
    const found = sums.get(name);
    if (found === undefined) yield `${name} is missing`;
    else if (found !== sum) yield `${name} is not what was deposited`;
  }
  for (const name of sums.keys())
    if (isListed(name) && !listed.has(name)) yield `${name} is in no checksum list`;
}

/** A blob is named by its content, whatever a list says. */
function* wrongBlobs(sums: ReadonlyMap<string, string>): Generator<string> {
  for (const [name, sum] of sums) {
    const named = /^data\/image\/blobs\/sha256\/(.+)$/.exec(name)?.[1];
    if (named !== undefined && named !== sum) yield `${name} does not hold what its name says`;
  }
  if (!sums.has('data/image/index.json')) yield 'data/image/index.json is missing: there is no image';
}

function* wrongOxum(
  text: string,
  sums: ReadonlyMap<string, string>,
  payloadBytes: number,
): Generator<string> {
  const oxum = /^Payload-Oxum: *(\S+)/m.exec(text)?.[1];
  const count = [...sums.keys()].filter((name) => name.startsWith('data/')).length;
  if (oxum !== undefined && oxum !== `${payloadBytes}.${count}`)
    yield `bag-info.txt says ${oxum} (bytes.files), and there are ${payloadBytes}.${count}`;
}

function* wrongRuns(text: string | undefined): Generator<string> {
  if (text === undefined) yield `${RUNS} is missing`;
  else
    try {
      parseRuns(text);
    } catch (error) {
      yield `data/${(error as Error).message}`;
    }
}

function shown(problems: readonly string[]): readonly string[] {
  const plain = [...new Set(problems.map(plainLine))];
  const others = plain.length - PROBLEMS_MAX;
  return others > 0 ? [...plain.slice(0, PROBLEMS_MAX), `and ${others} more`] : plain;
}
