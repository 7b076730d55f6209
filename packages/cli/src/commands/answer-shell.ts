import { completeLine } from '../completion/complete-line.js';
import { FILES_LINE } from '../completion/completion-script.js';
import { splitLine } from '../completion/split-line.js';
import { engineOf } from '../inputs/engine-of.js';
import type { CommandDefinition } from '../options/command-definition.js';
import type { Console } from '../terminal/console.js';

/** Nobody waits for longer after TAB. */
const ENGINE_MS_MAX = 1000;

/** `keepset __complete LINE`, which the scripts of `keepset completion` ask: a candidate a line. */
export async function answerShell(
  [line = '']: readonly string[],
  commands: readonly CommandDefinition[],
  console: Console,
): Promise<number> {
  const words = splitLine(line);
  const { candidates, files, images } = completeLine(words, commands);
  for (const { word, does } of candidates) await console.writeOut(`${word}\t${does}\n`);
  if (images)
    for (const name of await imageNames(console))
      if (name.startsWith(words.at(-1) ?? '')) await console.writeOut(`${name}\timage\n`);
  if (files) await console.writeOut(`${FILES_LINE}\n`);
  return 0;
}

/** None where no engine answers soon: there is nobody to tell. */
async function imageNames(console: Console): Promise<readonly string[]> {
  const signal = AbortSignal.any([console.signal, AbortSignal.timeout(ENGINE_MS_MAX)]);
  try {
    await using engine = await engineOf({ ...console, signal });
    return await engine.listImageNames();
  } catch {
    return [];
  }
}
