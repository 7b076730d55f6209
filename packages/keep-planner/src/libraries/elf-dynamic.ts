const PT_LOAD = 1;
const PT_DYNAMIC = 2;
/** Tags of the dynamic section. @see elf(5), Dynamic tags (Dyn) */
const DT_NEEDED = 1;
const DT_STRTAB = 5;
const DT_STRSZ = 10;
const DT_RPATH = 15;
const DT_RUNPATH = 29;

/** What a program or library asks of the dynamic loader. Names are byte strings. */
export interface ElfDynamic {
  /** The libraries that are loaded with it (DT_NEEDED), in order. */
  readonly needed: readonly string[];
  /** Where they are looked for first (DT_RUNPATH, else DT_RPATH), as it stands there: may hold `$ORIGIN`. */
  readonly searched: readonly string[];
  /** Its table of names: also of each function that it offers or takes. */
  readonly names: string;
}

/**
 * Read the dynamic section of an ELF file.
 *
 * @param bytes  the whole file
 * @returns undefined for anything that is no ELF file, has no such section, or makes no sense
 * @see elf(5)
 */
export function parseElfDynamic(bytes: Uint8Array): ElfDynamic | undefined {
  if (bytes[0] !== 0x7f || bytes[1] !== 0x45 || bytes[2] !== 0x4c || bytes[3] !== 0x46) return undefined;
  const is64 = bytes[4] === 2;
  if (bytes.length < (is64 ? 64 : 52)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const layout = { view, is64, littleEndian: bytes[5] === 1 };
  const segments = readSegments(layout);
  const dynamic = segments.find(({ type }) => type === PT_DYNAMIC);
  if (dynamic === undefined) return undefined;
  const rows = readDynamic(layout, dynamic);
  const tableAt = offsetOf(rows.find(({ tag }) => tag === DT_STRTAB)?.value, segments);
  const tableBytes = rows.find(({ tag }) => tag === DT_STRSZ)?.value ?? 0;
  if (tableAt === undefined || tableAt + tableBytes > bytes.length) return undefined;
  const names = Buffer.from(bytes.subarray(tableAt, tableAt + tableBytes)).toString('latin1');
  const nameAt = (offset: number) => names.slice(offset, names.indexOf('\0', offset));
  const valuesOf = (wanted: number) =>
    rows.flatMap(({ tag, value }) => (tag === wanted && value < names.length ? [nameAt(value)] : []));
  const [searched] = [...valuesOf(DT_RUNPATH), ...valuesOf(DT_RPATH)];
  return { needed: valuesOf(DT_NEEDED), searched: searched?.split(':') ?? [], names };
}

interface Layout {
  readonly view: DataView;
  readonly is64: boolean;
  readonly littleEndian: boolean;
}

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly bytes: number;
}

function readWord({ view, is64, littleEndian }: Layout, offset: number): number {
  return is64 ? Number(view.getBigUint64(offset, littleEndian)) : view.getUint32(offset, littleEndian);
}

function readSegments(layout: Layout): readonly Segment[] {
  const { view, is64, littleEndian } = layout;
  const table = readWord(layout, is64 ? 32 : 28);
  const rowBytes = view.getUint16(is64 ? 54 : 42, littleEndian);
  const rows = view.getUint16(is64 ? 56 : 44, littleEndian);
  if (rowBytes < (is64 ? 56 : 32) || table + rows * rowBytes > view.byteLength) return [];
  return Array.from({ length: rows }, (_, index) => {
    const at = table + index * rowBytes;
    return {
      type: view.getUint32(at, littleEndian),
      offset: readWord(layout, at + (is64 ? 8 : 4)),
      address: readWord(layout, at + (is64 ? 16 : 8)),
      bytes: readWord(layout, at + (is64 ? 32 : 16)),
    };
  });
}

function readDynamic(layout: Layout, { offset, bytes }: Segment): readonly { tag: number; value: number }[] {
  const rowBytes = layout.is64 ? 16 : 8;
  if (offset + bytes > layout.view.byteLength) return [];
  return Array.from({ length: Math.floor(bytes / rowBytes) }, (_, index) => {
    const at = offset + index * rowBytes;
    return { tag: readWord(layout, at), value: readWord(layout, at + rowBytes / 2) };
  });
}

/** Where in the file an address of the loaded program is. */
function offsetOf(address: number | undefined, segments: readonly Segment[]): number | undefined {
  if (address === undefined) return undefined;
  const segment = segments.find(
    ({ type, address: begin, bytes }) => type === PT_LOAD && address >= begin && address < begin + bytes,
  );
  return segment && segment.offset + address - segment.address;
}
