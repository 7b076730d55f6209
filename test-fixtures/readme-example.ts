// Runs the example of a README, so that it cannot rot.
import { readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';

export interface ReadmeExample {
  /** Of the README. */
  readonly readme: URL;
  /** What an import of the example gives: the package's own sources under its name, the rest as installed. */
  readonly load: (name: string) => object | Promise<object>;
  /** Text of the example → what stands in its place here: images, files. */
  readonly replace?: Readonly<Record<string, string>>;
  /** Which of its blocks of TypeScript, from 0. Default the first. */
  readonly block?: number;
}

/**
 * Run a block of TypeScript.
 *
 * @returns what it printed, and what its comments `// prints: …` say that it prints
 */
export async function runReadmeExample({ readme, load, replace = {}, block = 0 }: ReadmeExample) {
  const blocks = [...(await readFile(readme, 'utf8')).matchAll(/```ts\n(.*?)```/gs)];
  const code = blocks[block]?.[1] ?? '';
  const expected = [...code.matchAll(/^ *\/\/ prints: (.*)$/gm)].map((match) => match[1] ?? '');
  const plain = stripTypeScriptTypes(code);
  let body = plain.replace(/^import (\{.*?\}) from ('.*?');$/gm, 'const $1 = await load($2);');
  for (const [text, here] of Object.entries(replace)) body = body.replaceAll(text, here);
  const printed: string[] = [];
  const log = (...values: unknown[]) => printed.push(values.join(' '));
  const AsyncFunction = (async () => {}).constructor as new (
    ...args: string[]
  ) => (...args: unknown[]) => Promise<void>;
  await new AsyncFunction('load', 'console', body)(load, { log });
  if (expected.length === 0) throw new Error(`the example of ${readme.pathname} promises nothing`);
  return { printed, expected };
}
