import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AsyncDisposableStack } from '@keepset/docker-engine';
import { openOciLayout } from '@keepset/image-source';
import * as manifest from '@keepset/manifest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readDocstringExamples, runDocstringExample } from '../../../test-fixtures/docstring-examples.ts';
import { connectTestEngine, ensureBase } from '../../../test-fixtures/images.ts';
import { toBlobs, toLayout, toTar, writeFolder } from '../../image-source/test/make-image.ts';
import { parseCapabilities } from '../src/harden/file-capabilities.js';
import * as api from '../src/index.js';
import { toMadeUpNames } from '../src/recording/made-up-names.js';
import { readNextflowProcess } from '../src/recording/nextflow-process.js';
import { nameOfRun } from '../src/recording/write-recording.js';
import { saveService } from '../src/run/saved-service.js';
import { shrinkHere } from './shrink-here.ts';

const opened = new AsyncDisposableStack();
const folder = mkdtempSync(join(tmpdir(), 'test-examples-'));
let scope: Readonly<Record<string, unknown>>;
let base: string;

beforeAll(async () => {
  const engine = opened.use(await connectTestEngine());
  base = await ensureBase(engine);
  const { result } = await shrinkHere(engine, {
    image: base,
    command: ['cat', '/etc/debian_version'],
    inventory: true,
  });
  await manifest.writeManifest(result.manifest, join(folder, 'manifest.json'));
  const motd = toBlobs([await toTar([['etc/'], ['etc/motd', {}, 'hello']])]);
  await writeFolder(join(folder, 'layout'), toLayout([{ image: motd }]));
  for (const name of ['recording', 'scratch']) mkdirSync(join(folder, name));
  const recorded = { version: 'test', program: 'true', exitStatus: 0, scratch: join(folder, 'scratch') };
  await api.writeRecording(join(folder, 'recording'), { containers: [], untraced: [] }, recorded);
  const steps = { nameOfRun, parseCapabilities, readNextflowProcess, saveService, toMadeUpNames };
  scope = { ...manifest, ...api, ...steps, openOciLayout, readFileSync, engine, keepList: result.keepList };
  opened.defer(async () => {
    for (const tag of ['small', 'more', 'flat']) await engine.removeImage(`example:${tag}`);
    await engine.removeImage(result.id);
  });
});
afterAll(async () => {
  await opened.disposeAsync();
  rmSync(folder, { recursive: true });
});

/** Of what the package exports, and of steps outside of `plan`, which has its own tests. */
const examples = readDocstringExamples(new URL('../src/', import.meta.url)).filter(
  ({ place }) => !place.startsWith('plan/'),
);

it.each(examples)('the example at $place gives what it says', async ({ place, code }) => {
  const here = code
    .replaceAll("'debian:12'", `'${base}'`)
    .replaceAll(/'\/tmp\/(layout|recording|scratch)/g, (_, name: string) => `'${join(folder, name)}`)
    .replaceAll(/'(\w+\.(?:json|trace))'/g, (_, name: string) => `'${join(folder, name)}'`);
  const { values, expected } = await runDocstringExample({ place, code: here }, scope);
  expect(values).toEqual(expected);
  expect(values.length).toBeGreaterThan(0);
});

it('there is one for each function that the package exports', () => {
  const functions = Object.entries(api).flatMap(([name, value]) =>
    typeof value === 'function' && !/Error$/.test(name) ? [name] : [],
  );
  const shown = examples.map(({ code }) => code).join('\n');
  const ofOthers = ['connectEngine', 'resolveEngineAddress'];
  expect(functions.filter((name) => !ofOthers.includes(name) && !shown.includes(`${name}(`))).toEqual([]);
});
