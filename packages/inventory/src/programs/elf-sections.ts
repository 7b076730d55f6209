import { byteText } from '../package-reader.js';

/**
 * The sections of an ELF file, by name, as views into its bytes.
 *
 * @returns  none where the file has no table of sections, as a stripped one may
 * @throws RangeError  the table or a name lies outside of the file
 * @see elf(5)
 */
export function readElfSections(bytes: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const is64 = view.getUint8(4) === 2;
  const isLittle = view.getUint8(5) === 1;
  const half = (at: number) => view.getUint16(at, isLittle);
  const word = (at: number) => view.getUint32(at, isLittle);
  const address = (at: number) => (is64 ? Number(view.getBigUint64(at, isLittle)) : word(at));

  const tableAt = address(is64 ? 0x28 : 0x20);
  const [entryBytes, count, namesIndex] = is64
    ? [half(0x3a), half(0x3c), half(0x3e)]
    : [half(0x2e), half(0x30), half(0x32)];
  if (tableAt === 0 || count === 0) return new Map();
  const section = (index: number) => {
    const at = tableAt + index * entryBytes;
    const [start, sizeBytes] = is64
      ? [address(at + 0x18), address(at + 0x20)]
      : [word(at + 0x10), word(at + 0x14)];
    return { nameAt: word(at), type: word(at + 4), start, end: start + sizeBytes };
  };
  const names = section(namesIndex);
  const found = new Map<string, Uint8Array>();
  for (let index = 0; index < count; index++) {
    const { nameAt, type, start, end } = section(index);
    // Such a section takes no room in the file.
    if (type === SHT_NULL || type === SHT_NOBITS) continue;
    if (end > bytes.byteLength) throw new RangeError(`section ${index} ends at byte ${end}, after the file`);
    const nameEnd = bytes.indexOf(0, names.start + nameAt);
    found.set(byteText(bytes.subarray(names.start + nameAt, nameEnd)), bytes.subarray(start, end));
  }
  return found;
}

const SHT_NULL = 0;
const SHT_NOBITS = 8;
