/** Tags that are read. @see rpmtag.h */
export const RPM_TAG = {
  name: 1000,
  version: 1001,
  release: 1002,
  epoch: 1003,
  buildTime: 1006,
  installTime: 1008,
  sizeBytes: 1009,
  vendor: 1011,
  license: 1014,
  architecture: 1022,
  sourceRpm: 1044,
  directoryIndexes: 1116,
  baseNames: 1117,
  directoryNames: 1118,
} as const;

const TYPE_INT32 = 4;
const TYPE_STRING = 6;
const TYPE_STRING_ARRAY = 8;
const TYPE_I18N_STRING = 9;
const INDEX_ROW_BYTES = 16;

/** Tag → its values. Strings are byte strings. */
export type RpmHeader = ReadonlyMap<number, readonly (string | number)[]>;

/**
 * A header of rpm's database: numbers of entries and of bytes, an index of tags, and their data.
 *
 * @returns  tag → its values; strings are byte strings, and tags of other types are left out
 * @throws RangeError  it does not hold what its index says
 * @see the RPM documentation, "Header format"
 */
export function parseRpmHeader(bytes: Uint8Array): RpmHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const rows = view.getUint32(0);
  const dataAt = 8 + rows * INDEX_ROW_BYTES;
  if (dataAt + view.getUint32(4) > bytes.byteLength) throw new RangeError('an rpm header is cut short');
  const values = new Map<number, readonly (string | number)[]>();
  for (let row = 0; row < rows; row++) {
    const at = 8 + row * INDEX_ROW_BYTES;
    const [tag, type, count] = [view.getUint32(at), view.getUint32(at + 4), view.getUint32(at + 12)];
    const offset = dataAt + view.getInt32(at + 8);
    if (type === TYPE_INT32) {
      values.set(
        tag,
        Array.from({ length: count }, (_, index) => view.getUint32(offset + 4 * index)),
      );
    } else if (type === TYPE_STRING || type === TYPE_STRING_ARRAY || type === TYPE_I18N_STRING) {
      values.set(tag, readStrings(buffer, offset, count));
    }
  }
  return values;
}

function readStrings(buffer: Buffer, offset: number, count: number): string[] {
  const strings: string[] = [];
  let at = offset;
  for (let index = 0; index < count; index++) {
    const end = buffer.indexOf(0, at);
    if (end === -1) throw new RangeError('a text of an rpm header has no end');
    strings.push(buffer.toString('latin1', at, end));
    at = end + 1;
  }
  return strings;
}
