import { rename, rm, writeFile } from 'node:fs/promises';

/** Write a file at once: nobody sees half of it. It is the owner's alone. */
export async function writeWhole(file: string, text: string): Promise<void> {
  await replaceWhole(file, (partial) => writeFile(partial, text, { mode: 0o600, flag: 'wx' }));
}

/**
 * Put a new file in the place of another, once it is whole. A link that others left there is not followed.
 *
 * @param write  the file that it is given, which is not there yet
 */
export async function replaceWhole(file: string, write: (partial: string) => Promise<void>): Promise<void> {
  const partial = `${file}.partial`;
  await rm(partial, { force: true });
  await write(partial);
  await rename(partial, file);
}

/** As keepset writes JSON for people and scripts. */
export async function writeWholeJson(file: string, value: object): Promise<void> {
  await writeWhole(file, `${JSON.stringify(value, undefined, 2)}\n`);
}
