const PT_INTERP = 3;
/** Bytes of an interpreter's path, its NUL included (PATH_MAX). */
const MAX_PATH_BYTES = 4096;

/** How to read a file's head as an ELF program. */
export type ElfInterpreter =
  | { readonly kind: 'not-elf' }
  /** Static, or a library: no loader is asked for. */
  | { readonly kind: 'none' }
  | { readonly kind: 'interpreter'; readonly path: string }
  /** What must be read lies behind the head: read this many bytes. */
  | { readonly kind: 'more'; readonly bytes: number }
  /** It begins as ELF does, but its tables make no sense; the kernel would refuse it. */
  | { readonly kind: 'broken' };

/**
 * The dynamic loader that an ELF program asks for (PT_INTERP); the kernel opens it where no trace shows it.
 *
 * @param head  the first bytes of the file: 4 KiB hold it for all but rare programs
 * @see elf(5)
 */
export function parseElfInterpreter(head: Uint8Array): ElfInterpreter {
  if (head[0] !== 0x7f || head[1] !== 0x45 || head[2] !== 0x4c || head[3] !== 0x46)
    return { kind: 'not-elf' };
  const is64 = head[4] === 2;
  const littleEndian = head[5] === 1;
  if (head.length < (is64 ? 64 : 52)) return { kind: 'broken' };
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const word = (offset: number) =>
    is64 ? Number(view.getBigUint64(offset, littleEndian)) : view.getUint32(offset, littleEndian);
  const tableOffset = word(is64 ? 32 : 28);
  const rowBytes = view.getUint16(is64 ? 54 : 42, littleEndian);
  const rows = view.getUint16(is64 ? 56 : 44, littleEndian);
  if (rows === 0) return { kind: 'none' };
  if (rowBytes < (is64 ? 56 : 32)) return { kind: 'broken' };
  const tableEnd = tableOffset + rows * rowBytes;
  if (tableEnd > head.length) return { kind: 'more', bytes: tableEnd };
  for (let row = tableOffset; row < tableEnd; row += rowBytes) {
    if (view.getUint32(row, littleEndian) !== PT_INTERP) continue;
    const start = word(row + (is64 ? 8 : 4));
    const length = word(row + (is64 ? 32 : 16));
    if (length < 2 || length > MAX_PATH_BYTES) return { kind: 'broken' };
    if (start + length > head.length) return { kind: 'more', bytes: start + length };
    const text = String.fromCharCode(...head.subarray(start, start + length));
    return { kind: 'interpreter', path: text.split('\0', 1)[0] as string };
  }
  return { kind: 'none' };
}
