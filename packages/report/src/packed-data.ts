import type { ReportData, ReportEntry } from './report-data.js';

/** What stands in the page: entries by columns, so that they compress well and are read at once. */
export interface PackedData extends Omit<ReportData, 'entries'> {
  readonly paths: readonly string[];
  /** One letter each. */
  readonly types: string;
  readonly states: string;
  readonly sizes: readonly number[];
  /** 0 for none. */
  readonly owners: readonly (0 | readonly number[])[];
  readonly whys: readonly (0 | readonly number[])[];
  readonly programsOf: readonly (0 | readonly number[])[];
  /** Lines of reasons, each once. */
  readonly lines: readonly string[];
  /** By the places of their paths. */
  readonly linkTargets: Readonly<Record<number, string>>;
}

const TYPE_LETTERS: Readonly<Record<string, string>> = {
  file: 'f',
  directory: 'd',
  symlink: 'l',
  fifo: 'p',
  socket: 's',
  'character-device': 'c',
  'block-device': 'b',
};
const TYPES = Object.fromEntries(Object.entries(TYPE_LETTERS).map(([type, letter]) => [letter, type]));
const STATE_LETTERS: Readonly<Record<ReportEntry['state'], string>> = { kept: 'k', stub: 's', removed: 'r' };
const STATES = Object.fromEntries(
  Object.entries(STATE_LETTERS).map(([state, letter]) => [letter, state]),
) as Readonly<Record<string, ReportEntry['state']>>;

/** What stands for a type that is not known. */
const OTHER_LETTER = '?';

/**
 * The JSON of what `unpackData` takes, in pieces: a million paths are never held at once, nor is the text.
 *
 * @returns pieces of some kilobytes
 */
export function* packedText({ entries, ...facts }: ReportData): Generator<string> {
  const [types, states] = [new LongText(), new LongText()];
  const lists = {
    sizes: new LongText(','),
    owners: new LongText(','),
    whys: new LongText(','),
    programsOf: new LongText(','),
  };
  const linkTargets = new LongText(',');
  const places = new Map<string, number>();
  const placeOf = (line: string) => {
    const place = places.get(line) ?? places.size;
    places.set(line, place);
    return place;
  };
  let piece = `${JSON.stringify(facts).slice(0, -1)},"paths":[`;
  let count = 0;
  for (const { path, type, state, sizeBytes, owners, why, programs, linkTarget } of entries) {
    piece += `${count === 0 ? '' : ','}${JSON.stringify(path)}`;
    if (linkTarget !== undefined) linkTargets.add(`"${count}":${JSON.stringify(linkTarget)}`);
    types.add(TYPE_LETTERS[type] ?? OTHER_LETTER);
    states.add(STATE_LETTERS[state]);
    lists.sizes.add(String(sizeBytes));
    lists.owners.add(listText(owners));
    lists.whys.add(listText(why.map(placeOf)));
    lists.programsOf.add(listText(programs));
    count++;
    if (piece.length < PIECE_LENGTH) continue;
    yield piece;
    piece = '';
  }
  yield `${piece}],"types":"`;
  yield* types.pieces();
  yield '","states":"';
  yield* states.pieces();
  yield '"';
  for (const [name, list] of Object.entries(lists)) {
    yield `,"${name}":[`;
    yield* list.pieces();
    yield ']';
  }
  yield `,"lines":${JSON.stringify([...places.keys()])},"linkTargets":{`;
  yield* linkTargets.pieces();
  yield '}}';
}

const PIECE_LENGTH = 64 * 1024;

/** Places in another list; 0 for none. */
function listText(list: readonly number[]): string {
  return list.length === 0 ? '0' : `[${list.join()}]`;
}

/** Until a text is of one piece, each addition to it takes 32 bytes of the heap. */
const SHORT_PIECE_LENGTH = 4 * 1024;

/** Texts one after the other. Of a million, some bytes each are held, outside of the heap. */
class LongText {
  readonly #separator: string;
  readonly #full: Buffer[] = [];
  #piece = '';
  #isEmpty = true;

  constructor(separator = '') {
    this.#separator = separator;
  }

  add(text: string): void {
    if (!this.#isEmpty) this.#piece += this.#separator;
    this.#isEmpty = false;
    this.#piece += text;
    if (this.#piece.length < SHORT_PIECE_LENGTH) return;
    this.#full.push(Buffer.from(this.#piece));
    this.#piece = '';
  }

  *pieces(): Generator<string> {
    for (const bytes of this.#full) yield bytes.toString();
    yield this.#piece;
  }
}

/** The inverse. */
export function unpackData(packed: PackedData): ReportData & { readonly entries: readonly ReportEntry[] } {
  const { paths, types, states, sizes, owners, whys, programsOf, lines, linkTargets, ...facts } = packed;
  const entries = paths.map((path, index): ReportEntry => {
    const linkTarget = linkTargets[index];
    return {
      path,
      type: TYPES[types.charAt(index)] ?? 'other',
      sizeBytes: sizes[index] ?? 0,
      state: STATES[states.charAt(index)] ?? 'removed',
      owners: owners[index] || [],
      why: (whys[index] || []).map((line) => lines[line] ?? ''),
      programs: programsOf[index] || [],
      ...(linkTarget !== undefined && { linkTarget }),
    };
  });
  return { ...facts, entries };
}
