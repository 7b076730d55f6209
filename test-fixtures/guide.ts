// Runs the commands of a page of docs/, so that they cannot rot.
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const CHECKOUT_PROGRAMS = new URL('../bin/', import.meta.url).pathname;

type Step =
  /** A block of any language with a name: ```yaml [keepset.yaml] */
  | { readonly kind: 'file'; readonly name: string; readonly content: string }
  /** A block of `sh`, and the block of `text` behind it, which says what one sees. */
  | { readonly kind: 'commands'; readonly script: string; readonly shown: readonly string[] };

export interface Guide {
  /** Markdown. */
  readonly text: string;
  /** Where its files are written and its commands run: a folder that is empty. */
  readonly folder: string;
  /** Names in the guide → what stands in their place here: images, networks, volumes. */
  readonly replace: Readonly<Record<string, string>>;
  /** Shell before each block. */
  readonly setUp?: string;
}

/** What one sees, and is not so. */
export interface Missing {
  /** The commands. */
  readonly script: string;
  readonly line: string;
  readonly output: string;
}

/**
 * Run each block of `sh` as it stands, by `sh -eu`, and write each block that has a name as a file.
 *
 * @returns lines of blocks of `text` that the commands before them did not print, in this order; numbers, ids and the
 *   width of columns do not count, a line may end in `…`, and `…` alone is any lines
 * @throws Error  commands end with another exit status than 0, or the guide has none
 */
export async function runGuide(guide: Guide): Promise<readonly Missing[]> {
  const steps = readSteps(guide.text);
  if (!steps.some(({ kind }) => kind === 'commands')) throw new Error('the guide has no commands');
  const missing: Missing[] = [];
  for (const step of steps) {
    if (step.kind === 'file') {
      const file = join(guide.folder, step.name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, exchange(step.content, Object.entries(guide.replace)));
    } else {
      const output = await runCommands(step.script, guide);
      const line = firstMissing(step.shown, output.split('\n'));
      if (line !== undefined) missing.push({ script: step.script, line, output });
    }
  }
  return missing;
}

function readSteps(text: string): readonly Step[] {
  const blocks = [...text.matchAll(/^```(\w*)(?: \[([^\]\n]+)\])?\n(.*?)^```$/gms)].map(
    ([, language = '', name, content = '']) => ({ language, name, content }),
  );
  return blocks.flatMap(({ language, name, content }, index): readonly Step[] => {
    if (name !== undefined) return [{ kind: 'file', name, content }];
    if (language !== 'sh') return [];
    const next = blocks[index + 1];
    const shown = next?.language === 'text' && next.name === undefined ? next.content : '';
    return [{ kind: 'commands', script: content, shown: shown.split('\n').filter(Boolean) }];
  });
}

async function runCommands(script: string, { folder, replace, setUp = '' }: Guide): Promise<string> {
  const here = Object.entries(replace);
  const text = `exec 2>&1\n${setUp}\n${exchange(script, here)}`;
  const env = { ...process.env, PATH: `${CHECKOUT_PROGRAMS}:${process.env.PATH}` };
  const output = await new Promise<string>((resolve, reject) => {
    execFile('sh', ['-euc', text], { cwd: folder, env, maxBuffer: 64e6 }, (error, stdout) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`exit status ${error.code} of\n${script}\n${stdout}`));
    });
  });
  return exchange(
    output,
    here.map(([name, own]) => [own, name]),
  );
}

/** Longer names first: one may begin with another. */
function exchange(text: string, pairs: readonly (readonly [from: string, to: string])[]): string {
  return [...pairs]
    .sort(([one], [other]) => other.length - one.length)
    .reduce((sum, [from, to]) => sum.replaceAll(from, to), text);
}

function firstMissing(shown: readonly string[], output: readonly string[]): string | undefined {
  let at = 0;
  for (const line of shown) {
    if (line.trim() === '…') continue;
    const found = output.findIndex((each, index) => index >= at && isLike(each, line));
    if (found < 0) return line;
    at = found + 1;
  }
  return undefined;
}

function isLike(printed: string, shown: string): boolean {
  const [one, other] = [masked(printed), masked(shown)];
  return other.endsWith('…') ? one.startsWith(other.slice(0, -1).trimEnd()) : one === other;
}

/** Numbers and ids are those of one machine and one day; so is where columns end. */
function masked(text: string): string {
  return text
    .replace(/\b(sha256:)?[0-9a-f]{12,64}\b/g, 'ID')
    .replace(/\d[\d.,]*/g, '#')
    .replace(/[█░]+/g, '█')
    .replace(/ +/g, ' ')
    .trim();
}
