import type { Engine } from '@keepset/docker-engine';
import { ensureBase, ensureImage } from '../../test-fixtures/images.ts';

/** By the names that the pipelines know: which fixture it is. */
const FIXTURES = {
  compiler: 'compiler',
  database: 'database',
  research: 'research',
  scripts: 'proof',
  site: 'service',
  statistics: 'maps',
} as const;

export type PipelineImage = 'base' | keyof typeof FIXTURES;

const REPOSITORY = 'keepset-pipeline';

/** Name the fixtures as the pipelines do: no registry is asked. */
export async function provideImages(engine: Engine, names: readonly PipelineImage[]): Promise<void> {
  for (const name of names) {
    const image = name === 'base' ? await ensureBase(engine) : await ensureImage(engine, FIXTURES[name]);
    await engine.tagImage(image, { repository: `${REPOSITORY}/${name}`, tag: '1' });
  }
}
