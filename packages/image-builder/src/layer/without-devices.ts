const BLOCK_BYTES = 512;
/** More than any header of ours; what goes before an entry is held until its kind is known. */
const EXTENSION_BYTES_MAX = 1024 * 1024;

/** The types of tar's headers. @see tar(5), "POSIX ustar Archives", "GNU tar archives" */
const DEVICES: ReadonlySet<string> = new Set(['3', '4']);
const HARD_LINK = '1';
/** They go before the entry that they are about: pax's records, GNU's long names. */
const EXTENSIONS: ReadonlySet<string> = new Set(['x', 'L', 'K']);

/**
 * Let a tar through without its devices, and without hard links to them; all other bytes are as they were.
 *
 * @throws Error  a header that is none
 */
export async function* withoutDevices(tar: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held = Buffer.alloc(0);
  /** The extensions of the entry that comes next, and what they say. */
  let before: Buffer[] = [];
  let records = new Map<string, string>();
  /** Of an entry: how much of it is still to come, and whether it goes through. */
  let restBytes = 0;
  let passes = true;
  const dropped = new Set<string>();
  for await (const chunk of tar) {
    held = held.length === 0 ? Buffer.from(chunk) : Buffer.concat([held, chunk]);
    let at = 0;
    while (at < held.length) {
      if (restBytes > 0) {
        const taken = Math.min(restBytes, held.length - at);
        if (passes) yield held.subarray(at, at + taken);
        restBytes -= taken;
        at += taken;
        continue;
      }
      if (held.length - at < BLOCK_BYTES) break;
      const header = held.subarray(at, at + BLOCK_BYTES);
      const type = header.toString('latin1', 156, 157);
      const bodyBytes = padded(Number(records.get('size') ?? sizeOf(header)));
      if (EXTENSIONS.has(type)) {
        if (bodyBytes > EXTENSION_BYTES_MAX) throw new Error('an extended header is too long');
        if (held.length - at < BLOCK_BYTES + bodyBytes) break;
        const body = held.subarray(at + BLOCK_BYTES, at + BLOCK_BYTES + sizeOf(header));
        readExtension(type, body, records);
        before.push(held.subarray(at, at + BLOCK_BYTES + bodyBytes));
        at += BLOCK_BYTES + bodyBytes;
        continue;
      }
      const name = records.get('path') ?? nameOf(header);
      const target = records.get('linkpath') ?? fieldOf(header, 157, 100);
      const isDropped = DEVICES.has(type) || (type === HARD_LINK && dropped.has(target));
      if (isDropped) dropped.add(name);
      passes = !isDropped;
      if (passes) yield Buffer.concat([...before, header]);
      restBytes = DEVICES.has(type) || type === HARD_LINK ? 0 : bodyBytes;
      before = [];
      records = new Map();
      at += BLOCK_BYTES;
    }
    held = held.subarray(at);
  }
  yield held;
}

function padded(sizeBytes: number): number {
  return Math.ceil(sizeBytes / BLOCK_BYTES) * BLOCK_BYTES;
}

function fieldOf(header: Buffer, start: number, length: number): string {
  const text = header.toString('latin1', start, start + length);
  const end = text.indexOf('\0');
  return end === -1 ? text : text.slice(0, end);
}

function nameOf(header: Buffer): string {
  const prefix = header.toString('latin1', 257, 263) === 'ustar\0' ? fieldOf(header, 345, 155) : '';
  const name = fieldOf(header, 0, 100);
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** Octal, or base 256 where the first bit is set. @see tar(5), "Numeric Extensions" */
function sizeOf(header: Buffer): number {
  if ((header[124] ?? 0) < 0x80) {
    const text = fieldOf(header, 124, 12).trim();
    if (!/^[0-7]*$/.test(text)) throw new Error('a header says no size');
    return Number.parseInt(text || '0', 8);
  }
  return Number(BigInt(`0x${header.toString('hex', 125, 136)}`));
}

/** 'LENGTH KEY=VALUE\n' each; of GNU's long names the body is the value. @see pax(1), "pax Extended Header" */
function readExtension(type: string, body: Buffer, records: Map<string, string>): void {
  const text = body.toString('latin1');
  if (type !== 'x') {
    records.set(type === 'L' ? 'path' : 'linkpath', text.replace(/\0+$/, ''));
    return;
  }
  for (let at = 0; at < text.length; ) {
    const length = Number.parseInt(text.slice(at), 10);
    if (!(length > 0)) throw new Error('a record of an extended header has no length');
    const [, key = '', value = ''] = /^\d+ ([^=]*)=([\s\S]*)\n$/.exec(text.slice(at, at + length)) ?? [];
    records.set(key, value);
    at += length;
  }
}
