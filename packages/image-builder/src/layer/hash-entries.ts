import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type Extract, extract } from 'tar-stream';

/** Called with each regular file: its path (absolute byte string) and the sha256 of its content, in hexadecimal digits. */
export type OnFile = (path: string, sha256: string) => void;

/**
 * Let a tar through, unchanged, and hash its files. A hard link counts like the file that it names.
 *
 * Left out are sparse files, whose content is not in the tar as it is in the file, and names that are no UTF-8, which
 * the library that reads the headers does not give whole.
 */
export async function* hashEntries(
  tar: AsyncIterable<Uint8Array>,
  onFile: OnFile,
): AsyncGenerator<Uint8Array> {
  const entries = extract();
  const read = readEntries(entries, onFile);
  // Whoever reads the tar gets the error of it first; this one then says nothing more.
  read.catch(() => {});
  const writable = entries as unknown as NodeJS.WritableStream;
  try {
    for await (const chunk of tar) {
      if (!writable.write(chunk)) await Promise.race([once(writable, 'drain'), read]);
      yield chunk;
    }
    writable.end();
    await read;
  } finally {
    entries.destroy();
  }
}

async function readEntries(entries: Extract, onFile: OnFile): Promise<void> {
  const known = new Map<string, string>();
  for await (const entry of entries) {
    const { name, type, linkname, pax } = entry.header;
    const path = toPath(name);
    if (type === 'link') {
      const sha256 = known.get(toPath(linkname ?? ''));
      if (sha256 !== undefined) note(path, sha256);
    } else if (type === 'file') {
      const hash = createHash('sha256');
      for await (const chunk of entry as unknown as AsyncIterable<Uint8Array>) hash.update(chunk);
      const isSparse = Object.keys(pax ?? {}).some((key) => key.startsWith('GNU.sparse.'));
      if (!isSparse) note(path, hash.digest('hex'));
    }
    entry.resume();
  }

  function note(path: string, sha256: string): void {
    if (path.includes('\ufffd')) return;
    known.set(path, sha256);
    onFile(Buffer.from(path, 'utf8').toString('latin1'), sha256);
  }
}

function toPath(name: string): string {
  return `/${name.replace(/^(?:\.?\/)+/, '')}`;
}
