import { type Content, type RunOutcome, readBeginning } from '@keepset/run-comparison';
import { printPath } from '@keepset/strace-parser';

/** What a run gave at one place, beside what it was expected to give: as much as a page shows. */
export interface DifferingContent {
  /** Standard output, /work/plot.pdf, … */
  readonly where: string;
  readonly expected: ShownContent;
  readonly found: ShownContent;
}

/** Bytes as a page can show them. Absent: there are none. */
export type ShownContent =
  | { readonly sizeBytes: number; readonly text: string; readonly isCut: boolean }
  /** Base64 of all of it. */
  | { readonly sizeBytes: number; readonly picture: string; readonly type: 'image/png' | 'image/jpeg' }
  /** It is no text, or only its hash is known. */
  | { readonly sizeBytes: number; readonly sha256: string }
  | undefined;

/** Of each text. */
const TEXT_BYTES_MAX = 256 * 1024;
/** Of each picture. */
const PICTURE_BYTES_MAX = 2 * 1024 * 1024;
const CONTENTS_MAX = 50;

/**
 * The contents in which a run differs from all of its samples, beside those of the first sample.
 *
 * @param samples  what was expected; contents that are not at hand read as nothing
 */
export async function differingContents(
  samples: readonly RunOutcome[],
  found: RunOutcome,
): Promise<readonly DifferingContent[]> {
  const expected = samples.map(contentsOf);
  const own = contentsOf(found);
  const places = [...new Set([...expected.flatMap((each) => [...each.keys()]), ...own.keys()])];
  const differing = places.filter((place) =>
    expected.every((each) => each.get(place)?.sha256 !== own.get(place)?.sha256),
  );
  return await Promise.all(
    differing.slice(0, CONTENTS_MAX).map(async (where) => ({
      where,
      expected: await show(expected[0]?.get(where)),
      found: await show(own.get(where)),
    })),
  );
}

/** In the order in which people look. */
function contentsOf({ stdout, stderr, steps = [], files }: RunOutcome): ReadonlyMap<string, Content> {
  return new Map([
    ['standard output', stdout],
    ['standard error', stderr],
    ...steps.flatMap((step): [string, Content][] => [
      [`standard output of ${step.name}`, step.stdout],
      [`standard error of ${step.name}`, step.stderr],
    ]),
    ...[...files].flatMap(([path, { content }]): [string, Content][] =>
      content === undefined ? [] : [[printPath(path), content]],
    ),
  ]);
}

const PNG = Buffer.from('\x89PNG\r\n', 'latin1');
const JPEG = Buffer.from('\xff\xd8\xff', 'latin1');

async function show(content: Content | undefined): Promise<ShownContent> {
  if (content === undefined) return undefined;
  const { sha256, sizeBytes } = content;
  const bytes = await readBeginning(content, PICTURE_BYTES_MAX);
  // A deposit may know a hash alone.
  if (bytes.length === 0 && sizeBytes > 0) return { sizeBytes, sha256 };
  const type = typeOf(bytes);
  if (type !== undefined)
    return sizeBytes > PICTURE_BYTES_MAX
      ? { sizeBytes, sha256 }
      : { sizeBytes, picture: bytes.toString('base64'), type };
  const text = textOf(bytes.subarray(0, TEXT_BYTES_MAX));
  return text === undefined ? { sizeBytes, sha256 } : { sizeBytes, text, isCut: sizeBytes > TEXT_BYTES_MAX };
}

function typeOf(bytes: Buffer): 'image/png' | 'image/jpeg' | undefined {
  if (bytes.subarray(0, PNG.length).equals(PNG)) return 'image/png';
  return bytes.subarray(0, JPEG.length).equals(JPEG) ? 'image/jpeg' : undefined;
}

/** A character that the end cuts is left out. @returns undefined for what is no UTF-8, or has a NUL */
function textOf(bytes: Buffer): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}
