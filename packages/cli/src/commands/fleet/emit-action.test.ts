import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { Console } from '../../terminal/console.js';
import { emitAction } from './emit-action.js';

const folder = mkdtempSync(join(tmpdir(), 'test-emit-'));
afterAll(() => rmSync(folder, { recursive: true }));

it.each(['m', join(folder, 'm')])(
  'a pipeline keeps the folder that manifests are written to: %s',
  async (place) => {
    const image = `a@sha256:${'0'.repeat(64)}`;
    writeFileSync(join(folder, 'fleet.yaml'), `images: ['${image}']\nresults: { manifests: ${place} }\n`);
    let out = '';
    const console: Pick<Console, 'environment' | 'workingDirectory' | 'writeOut'> = {
      ...{ environment: {}, workingDirectory: folder },
      async writeOut(text) {
        out += [text].flat().join('');
      },
    };
    await emitAction(['gitlab', join(folder, 'fleet.yaml')], { only: [] } as never, console as Console);
    expect(out).toMatch(/paths:\s+- \W?fleet-record\W?\s+- \W?m\b/);
    expect(out).not.toContain(folder.slice(1));
  },
);
