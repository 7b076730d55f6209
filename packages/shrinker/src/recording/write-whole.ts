import { rename, writeFile } from 'node:fs/promises';

/** Write a file at once: nobody sees half of it. It is the owner's alone. */
export async function writeWhole(file: string, text: string): Promise<void> {
  await writeFile(`${file}.partial`, text, { mode: 0o600 });
  await rename(`${file}.partial`, file);
}

/** As keepset writes JSON for people and scripts. */
export async function writeWholeJson(file: string, value: object): Promise<void> {
  await writeWhole(file, `${JSON.stringify(value, undefined, 2)}\n`);
}
