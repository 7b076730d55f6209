import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '@keepset/docker-engine';
import {
  costByFolder,
  costByPackage,
  costOf,
  readRuns,
  toSourceRuns,
  writeManifest,
} from '@keepset/manifest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectTestEngine, ensureBase, ensureImage } from '../../../test-fixtures/images.ts';
import { traceRuns } from '../src/index.js';
import { shrinkHere } from './shrink-here.ts';

let engine: Engine;
const folder = mkdtempSync(join(tmpdir(), 'test-runs-'));

beforeAll(async () => {
  engine = await connectTestEngine();
});
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

const RUN = { network: 'none' };

async function trace(image: string, scripts: Readonly<Record<string, string>>): ReturnType<typeof traceRuns> {
  const runs = Object.entries(scripts).map(([name, script]) => ({
    name,
    command: ['sh', '-c', script],
    options: RUN,
  }));
  return await traceRuns(engine, { image, runs }, { onOutput: () => {}, onEvent: () => {} });
}

function draw(code: string): string {
  return `Rscript -e '${code}'`;
}

describe('what costs what', () => {
  it('in R: a plot, a plot with ggplot2, and a map; without each, the cost is that of a real shrink', async () => {
    const image = await ensureImage(engine, 'maps');
    const plot = (code: string) => draw(`library(ggplot2); png("/tmp/x.png"); print(${code}); dev.off()`);
    const scripts = {
      base: draw('png("/tmp/x.png"); plot(cars); dev.off()'),
      ggplot2: plot('ggplot(cars, aes(speed, dist)) + geom_point()'),
      maps: plot('ggplot(map_data("italy"), aes(long, lat, group = group)) + geom_polygon()'),
    };
    const source = toSourceRuns(await trace(image, scripts));
    const { union, runs } = costOf(source);

    const [base, ggplot2, maps] = runs;
    expect(runs.map(({ run }) => run)).toEqual(['base', 'ggplot2', 'maps']);
    expect(base?.total.sizeBytes).toBeGreaterThan(50e6);
    expect(ggplot2?.marginal.sizeBytes).toBeGreaterThan(5e6);
    expect(maps?.marginal.sizeBytes).toBeGreaterThan(0.5e6);
    for (const { total, unique, shared } of runs)
      expect(unique.sizeBytes + shared.sizeBytes).toBe(total.sizeBytes);
    expect(runs.reduce((sum, { marginal }) => sum + marginal.sizeBytes, 0)).toBe(union.sizeBytes);

    const added = costByPackage(source)
      .filter((costs) => (costs.runs[2]?.marginal.sizeBytes ?? 0) > 0)
      .map(({ group }) => group);
    expect(added).toContain('deb:r-cran-maps');
    expect(added).not.toContain('deb:r-cran-ggplot2');
    const folders = costByFolder(source, 3).map((costs) => costs.runs[2]?.marginal.sizeBytes ?? 0);
    expect(folders.reduce((sum, sizeBytes) => sum + sizeBytes, 0)).toBe(maps?.marginal.sizeBytes);

    for (const [index, { rest }] of runs.entries()) {
      const others = Object.values(scripts).filter((_, other) => other !== index);
      const { result } = await shrinkHere(engine, {
        image,
        options: RUN,
        command: ['sh', '-c', others.join('\n')],
        verify: false,
        // Costs are of what runs need.
        metadata: 'none',
      });
      const { plan, tree } = result.manifest;
      const kept = source.runs.flatMap(({ files }, other) => (other === index ? [] : [...files.keys()]));
      expect([...new Set(kept)].sort()).toEqual([...plan.kept.keys()]);
      const bytes = [...plan.kept.keys()].map((path) => {
        const entry = tree.get(path);
        return entry?.type === 'file' ? entry.sizeBytes : 0;
      });
      expect(rest).toEqual({ paths: plan.kept.size, sizeBytes: bytes.reduce((sum, each) => sum + each, 0) });
      await engine.removeImage(result.id);
    }
  });

  it('is the same from traces and from the manifests of shrinks', async () => {
    const image = await ensureBase(engine);
    const scripts = {
      read: 'cat /etc/debian_version',
      sort: 'sort /etc/passwd',
      both: 'sort /etc/debian_version',
    };
    const traced = costOf(toSourceRuns(await trace(image, scripts)));
    const manifests: { name: string; file: string }[] = [];
    for (const [name, script] of Object.entries(scripts)) {
      const command = ['sh', '-c', script];
      const { result } = await shrinkHere(engine, {
        image,
        options: RUN,
        command,
        inventory: true,
        verify: false,
        // Costs are of what runs need.
        metadata: 'none',
      });
      const file = join(folder, `${name}.json`);
      await writeManifest(result.manifest, file);
      manifests.push({ name, file });
      await engine.removeImage(result.id);
    }
    const read = await readRuns(manifests);
    expect(costOf(read)).toEqual(traced);
    expect(costByPackage(read).map(({ group }) => group)).toContain('deb:coreutils');
  });

  it('a command that fails is the end, and nothing stays behind', async () => {
    const image = await ensureBase(engine);
    await expect(trace(image, { good: 'true', bad: 'exit 3' })).rejects.toMatchObject({
      code: 'COMMAND_FAILED',
      message: expect.stringContaining('exit status 3'),
    });
  });
});
