const TABLE_AT = 64;
const ROW_BYTES = 56;

/** What a library in memory asks for. */
export interface LibraryShape {
  readonly needed?: readonly string[];
  readonly runpath?: string;
  /** Names of functions, as in its table of names. */
  readonly functions?: readonly string[];
}

/** A shared library for a 64-bit machine: a segment that is loaded at 0x10000, and a dynamic section. */
export function elfLibrary({ needed = [], runpath, functions = [] }: LibraryShape): Uint8Array {
  const names = ['', ...needed, ...(runpath === undefined ? [] : [runpath]), ...functions];
  const table = Buffer.from(names.map((name) => `${name}\0`).join(''), 'latin1');
  const offsetOf = (name: string) => table.indexOf(`\0${name}\0`, 0, 'latin1') + 1;
  const tableAt = TABLE_AT + 2 * ROW_BYTES;
  const dynamicAt = tableAt + table.length;
  const loadedAt = 0x10000;
  const rows = [
    ...needed.map((name) => [1, offsetOf(name)]),
    ...(runpath === undefined ? [] : [[29, offsetOf(runpath)]]),
    [5, loadedAt + tableAt],
    [10, table.length],
    [0, 0],
  ];
  const bytes = new Uint8Array(dynamicAt + rows.length * 16);
  const view = new DataView(bytes.buffer);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1]);
  const word = (offset: number, value: number) => view.setBigUint64(offset, BigInt(value), true);
  word(32, TABLE_AT);
  view.setUint16(54, ROW_BYTES, true);
  view.setUint16(56, 2, true);
  const segment = (row: number, type: number, at: number, size: number) => {
    const start = TABLE_AT + row * ROW_BYTES;
    view.setUint32(start, type, true);
    word(start + 8, at);
    word(start + 16, loadedAt + at);
    word(start + 32, size);
  };
  segment(0, 1, 0, bytes.length);
  segment(1, 2, dynamicAt, rows.length * 16);
  bytes.set(table, tableAt);
  for (const [index, [tag = 0, value = 0]] of rows.entries()) {
    word(dynamicAt + 16 * index, tag);
    word(dynamicAt + 16 * index + 8, value);
  }
  return bytes;
}
