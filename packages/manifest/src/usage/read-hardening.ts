import { open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Hardening } from '@keepset/hardening';
import { ManifestError } from '../manifest-error.js';
import { hardening as shape } from '../record/hardening-shape.js';
import { parseUniqueJson } from '../record/parse-unique-json.js';
import { readManifest } from '../record/read-manifest.js';

/** In a folder of rights. */
const RECORD = 'hardening.json';

/**
 * The rights that a shrink found: of its manifest, or of the folder or file that it wrote them to.
 *
 * @throws ManifestError MANIFEST_INVALID  it cannot be read, or has no rights
 * @example (await readHardening('rights')).capabilities // []
 */
export async function readHardening(place: string): Promise<Hardening> {
  const file = (await isFolder(place)) ? join(place, RECORD) : place;
  if (await isManifest(file)) {
    const { hardening } = await readManifest(file, { only: new Set() });
    if (hardening !== undefined) return hardening;
    throw new ManifestError('MANIFEST_INVALID', `the manifest ${file} has no rights`, {
      hint: 'Make it by a shrink that finds them.',
    });
  }
  try {
    const value = parseUniqueJson(await readFile(file, 'utf8'));
    shape(value, '');
    return value as Hardening;
  } catch (cause) {
    const { message } = cause as Error;
    throw new ManifestError('MANIFEST_INVALID', `cannot read rights from ${file} (${message})`, { cause });
  }
}

const BEGINNING_BYTES = 4096;

/** It says so before anything else. */
async function isManifest(file: string): Promise<boolean> {
  const opened = await open(file).catch(() => undefined);
  if (opened === undefined) return false;
  try {
    const { buffer, bytesRead } = await opened.read(Buffer.alloc(BEGINNING_BYTES), 0, BEGINNING_BYTES);
    return buffer.toString('latin1', 0, bytesRead).includes('"manifestVersion"');
  } catch {
    return false;
  } finally {
    await opened.close();
  }
}

async function isFolder(place: string): Promise<boolean> {
  return (await stat(place).catch(() => undefined))?.isDirectory() === true;
}
