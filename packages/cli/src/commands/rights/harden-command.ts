import { countCalls, type Hardening, mergeHardenings } from '@keepset/hardening';
import { readHardening } from '@keepset/manifest';
import type { HARDEN } from '../../definitions/harden.js';
import { requireFolder } from '../../inputs/checked/to-hardening.js';
import type { CommandLineOf } from '../../options/command-definition.js';
import type { Console } from '../../terminal/console.js';
import { rightsText } from '../../terminal/rights/rights-text.js';
import { writeHardening } from './write-hardening.js';

/** `keepset harden`: needs no engine. */
export async function hardenCommand(
  { options, operands: files }: CommandLineOf<typeof HARDEN>,
  console: Console,
): Promise<undefined> {
  const { output: folder } = options;
  requireFolder(folder, '-o');
  const all: Hardening[] = [];
  for (const file of files) all.push(await readHardening(file));
  const joined = all.reduce(mergeHardenings);
  await writeHardening(joined, folder);
  if (options.json === true)
    await console.writeOut(`${JSON.stringify({ folder, calls: countCalls(joined), rights: joined })}\n`);
  else console.writeError(`rights    ${rightsText(joined)}\nwritten   ${folder}\n`);
}
