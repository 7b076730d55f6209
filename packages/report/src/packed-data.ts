import type { ReportData, ReportEntry } from './report-data.js';

/** What stands in the page: entries by columns, sorted by path, so that they compress well and are read at once. */
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

export function packData({ entries, ...facts }: ReportData): PackedData {
  const sorted = [...entries].sort((one, other) => (one.path < other.path ? -1 : 1));
  const places = new Map<string, number>();
  const placeOf = (line: string) => {
    const place = places.get(line) ?? places.size;
    places.set(line, place);
    return place;
  };
  const whys = sorted.map(({ why }) => orZero(why.map(placeOf)));
  return {
    ...facts,
    paths: sorted.map(({ path }) => path),
    types: sorted.map(({ type }) => TYPE_LETTERS[type] ?? OTHER_LETTER).join(''),
    states: sorted.map(({ state }) => STATE_LETTERS[state]).join(''),
    sizes: sorted.map(({ sizeBytes }) => sizeBytes),
    owners: sorted.map(({ owners }) => orZero(owners)),
    whys,
    programsOf: sorted.map(({ programs }) => orZero(programs)),
    lines: [...places.keys()],
    linkTargets: Object.fromEntries(
      sorted.flatMap(({ linkTarget }, index) => (linkTarget === undefined ? [] : [[index, linkTarget]])),
    ),
  };
}

function orZero(list: readonly number[]): 0 | readonly number[] {
  return list.length === 0 ? 0 : list;
}

/** The inverse, but for the order of the entries: sorted by path. */
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
