import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Hardening, hardeningFiles } from '@keepset/hardening';

const EXECUTABLE = 0o755;

/** The folder of `--harden`: it is made, and files of the same names are replaced. */
export async function writeHardening(hardening: Hardening, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, text] of await hardeningFiles(hardening))
    await writeFile(join(folder, name), text, name.endsWith('.sh') ? { mode: EXECUTABLE } : {});
}
