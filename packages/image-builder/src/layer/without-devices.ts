import { readTarEntries, type SourceEntry, writeTarEntries } from '@keepset/image-source';

/**
 * The tar of a layer without its devices, and without hard links to them.
 *
 * @throws SourceError SOURCE_BAD_LAYER  it is none
 */
export function withoutDevices(tar: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  return writeTarEntries(leaveOut(readTarEntries(tar)));
}

async function* leaveOut(entries: AsyncIterable<SourceEntry>): AsyncGenerator<SourceEntry> {
  const left = new Set<string>();
  for await (const entry of entries) {
    const { path, type, linkTo } = entry;
    if (type === 'character-device' || type === 'block-device' || left.has(linkTo ?? '')) left.add(path);
    else yield entry;
  }
}
