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
  const columns: Columns = { types: [], states: [], sizes: [], owners: [], whys: [], programsOf: [] };
  const linkTargets: Record<number, string> = {};
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
    if (linkTarget !== undefined) linkTargets[count] = linkTarget;
    columns.types.push(TYPE_LETTERS[type] ?? OTHER_LETTER);
    columns.states.push(STATE_LETTERS[state]);
    columns.sizes.push(sizeBytes);
    columns.owners.push(orZero(owners));
    columns.whys.push(orZero(why.map(placeOf)));
    columns.programsOf.push(orZero(programs));
    count++;
    if (piece.length < PIECE_LENGTH) continue;
    yield piece;
    piece = '';
  }
  yield `${piece}],"types":"${columns.types.join('')}","states":"${columns.states.join('')}"`;
  for (const name of ['sizes', 'owners', 'whys', 'programsOf'] as const)
    yield `,"${name}":${JSON.stringify(columns[name])}`;
  yield `,"lines":${JSON.stringify([...places.keys()])},"linkTargets":${JSON.stringify(linkTargets)}}`;
}

const PIECE_LENGTH = 64 * 1024;

interface Columns {
  readonly types: string[];
  readonly states: string[];
  readonly sizes: number[];
  readonly owners: (0 | readonly number[])[];
  readonly whys: (0 | readonly number[])[];
  readonly programsOf: (0 | readonly number[])[];
}

function orZero(list: readonly number[]): 0 | readonly number[] {
  return list.length === 0 ? 0 : list;
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
