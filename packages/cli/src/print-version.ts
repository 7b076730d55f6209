import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { EngineDetails } from '@keepset/docker-engine';
import { askEngineSoon } from './inputs/ask-engine-soon.js';
import type { Console } from './terminal/console.js';
import { VERSION } from './version.js';

/** `keepset --version`: of keepset, then what else an error report needs. */
export async function printVersion(console: Console): Promise<void> {
  const [engine, toolbox] = await Promise.all([
    askEngineSoon(console, ({ details }) => describeEngine(details)),
    toolboxVersion(),
  ]);
  const rows = [
    ['keepset', VERSION],
    ['node', process.versions.node],
    ['engine', engine ?? 'none answers'],
    ['toolbox', toolbox ?? 'none on this machine: one is built as an image'],
  ];
  await console.writeOut(rows.map(([name = '', value]) => `${name.padEnd(8)} ${value}\n`).join(''));
}

function describeEngine({ version, isDocker, apiVersion, os, architecture, address }: EngineDetails): string {
  const name = isDocker ? 'Docker' : 'not Docker,';
  return `${name} ${version}, API ${apiVersion}, ${os}/${architecture}, at ${address}`;
}

/** Of the programs that `--toolbox host` takes. */
async function toolboxVersion(): Promise<string | undefined> {
  try {
    const [strace, tar] = await Promise.all(
      ['strace', 'tar'].map(async (program) => {
        const { stdout } = await promisify(execFile)(program, ['--version']);
        return /\d+(?:\.\d+)+/.exec(stdout)?.[0];
      }),
    );
    return strace && tar && `strace ${strace}, tar ${tar}, of this machine`;
  } catch {
    return undefined;
  }
}
