import { type Hardening, printReason, type RightReason } from '@keepset/hardening';
import { explainFrom, readHardening } from '@keepset/manifest';
import { parsePrintedPath } from '@keepset/strace-parser';
import type { WHY } from '../definitions/why.js';
import type { CommandLineOf } from '../options/command-definition.js';
import { UsageError } from '../options/usage-error.js';
import type { Console } from '../terminal/console.js';
import { plainLine } from '../terminal/plain-text.js';

type WhyLine = CommandLineOf<typeof WHY>;

/** `keepset why`: needs no engine. */
export async function whyCommand(line: WhyLine, console: Console): Promise<undefined> {
  const { asked, explanation } = await explain(line);
  const lines = explanation.map(plainLine);
  await console.writeOut(
    line.options.json
      ? `${JSON.stringify({ ...asked, explanation: lines })}\n`
      : lines.map((each) => `${each}\n`).join(''),
  );
}

interface Explained {
  readonly asked: object;
  readonly explanation: readonly string[];
}

async function explain({ options, operands: [file, path] }: WhyLine): Promise<Explained> {
  const { syscall, capability } = options;
  const given = [path, syscall, capability].filter((each) => each !== undefined);
  if (given.length !== 1)
    throw new UsageError(
      given.length === 0 ? 'no path given' : 'one thing can be asked for at a time',
      "'keepset why MANIFEST PATH', --syscall NAME or --capability NAME.",
    );
  if (syscall !== undefined)
    return {
      asked: { syscall },
      explanation: ofCall(await readHardening(file), syscall),
    };
  if (capability !== undefined) {
    const name = capability.toUpperCase().replace(/^CAP_/, '');
    return { asked: { capability: name }, explanation: ofCapability(await readHardening(file), name) };
  }
  if (!path?.startsWith('/')) throw new UsageError(`'${path}' is not an absolute path`);
  return { asked: { path }, explanation: await explainFrom(parsePrintedPath(path), file) };
}

function ofCall({ calls, absent }: Hardening, name: string): readonly string[] {
  const call = calls.find((each) => each.name === name);
  if (call !== undefined) return allowed(name, call.reasons);
  if (absent.includes(name))
    return [`${name} is answered as by a kernel that has not got it: programs fall back to other calls`];
  return [`${name} is refused: no run made it`];
}

function ofCapability({ capabilities }: Hardening, name: string): readonly string[] {
  const found = capabilities.find((each) => each.name === name);
  return found === undefined ? [`${name} is not granted: no run needed it`] : allowed(name, found.reasons);
}

function allowed(name: string, reasons: readonly RightReason[]): readonly string[] {
  return [`${name} is allowed`, ...reasons.map((reason) => `  ${printReason(reason)}`)];
}
