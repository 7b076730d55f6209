import { createHash } from 'node:crypto';
import type { SourceEntry } from '@keepset/image-source';

/** Called with each regular file: its path (absolute byte string) and the sha256 of its content, in hexadecimal digits. */
export type OnFile = (path: string, sha256: string) => void;

/** Let entries through, and hash the contents of files as they are read. A hard link counts like the file that it names. */
export async function* hashContents(
  entries: AsyncIterable<SourceEntry>,
  onFile: OnFile,
): AsyncGenerator<SourceEntry> {
  const known = new Map<string, string>();
  const note = (path: string, sha256: string) => {
    known.set(path, sha256);
    onFile(path, sha256);
  };
  for await (const entry of entries) {
    const { path, type, linkTo, content } = entry;
    const linked = linkTo === undefined ? undefined : known.get(linkTo);
    if (linked !== undefined) note(path, linked);
    if (type !== 'file' || linkTo !== undefined) {
      yield entry;
      continue;
    }
    const hash = createHash('sha256');
    yield {
      ...entry,
      async *content() {
        for await (const chunk of content()) {
          hash.update(chunk);
          yield chunk;
        }
      },
    };
    note(path, hash.digest('hex'));
  }
}
