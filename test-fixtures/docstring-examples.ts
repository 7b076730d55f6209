// Runs the examples of docstrings, so that they cannot rot.
import { readdirSync, readFileSync } from 'node:fs';

/** What follows an `@example`. */
export interface DocstringExample {
  /** File and line. */
  readonly place: string;
  /** JavaScript; a line may end with its value: `add(1, 2) // 3`. */
  readonly code: string;
}

/** @param folder  of sources; its address ends in a slash */
export function readDocstringExamples(folder: URL): readonly DocstringExample[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .sort()
    .flatMap((name) => {
      const text = readFileSync(new URL(name, folder), 'utf8');
      return [...text.matchAll(/^ *\* @example[ \n](.*?)(?=\n *\*\/|\n *\* @)/gms)].map((match) => ({
        place: `${name}:${text.slice(0, match.index).split('\n').length}`,
        code: (match[1] ?? '').replace(/^ *\* ?/gm, '').trim(),
      }));
    });
}

/**
 * Run an example.
 *
 * @param scope  what it can name
 * @returns the values of its lines that end with one, and what they say
 * @throws Error  it throws, or what a line ends with is no value: prose has a line of its own
 */
export async function runDocstringExample(
  { code }: DocstringExample,
  scope: Readonly<Record<string, unknown>>,
): Promise<{ readonly values: readonly unknown[]; readonly expected: readonly unknown[] }> {
  const values: unknown[] = [];
  const expected: unknown[] = [];
  const body = code.split('\n').map((line) => {
    const [, statement = line, value] = /^(.*\S) \/\/ (.*)$/.exec(line) ?? [];
    if (value === undefined) return line;
    const [, name] = /^const (\w+) = /.exec(statement) ?? [];
    return `${name === undefined ? `$note((${statement}), (${value}))` : `${statement}; $note(${name}, (${value}))`};`;
  });
  const note = (one: unknown, other: unknown) => {
    values.push(one);
    expected.push(other);
  };
  const AsyncFunction = (async () => {}).constructor as new (
    ...args: string[]
  ) => (...args: unknown[]) => Promise<void>;
  const names = Object.keys(scope);
  await new AsyncFunction('$note', ...names, `{\n${body.join('\n')}\n}`)(note, ...Object.values(scope));
  return { values, expected };
}
