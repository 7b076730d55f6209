import { completeLine } from './completion/complete-line.js';
import { FILES_LINE } from './completion/completion-script.js';
import { splitLine } from './completion/split-line.js';
import { askEngineSoon } from './inputs/ask-engine-soon.js';
import type { CommandDefinition } from './options/command-definition.js';
import type { Console } from './terminal/console.js';

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

async function imageNames(console: Console): Promise<readonly string[]> {
  const images = (await askEngineSoon(console, (engine) => engine.listImages())) ?? [];
  return images.flatMap(({ names }) => names).sort();
}
