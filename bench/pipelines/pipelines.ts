import { ensurePackages, ensurePrograms } from '../../test-fixtures/ensure-programs.ts';
import type { PipelineImage } from './images.ts';

/** A pipeline in a folder beside this file, as its users would have written it. */
export interface Pipeline {
  /** Of the folder. */
  readonly name: string;
  readonly images: readonly PipelineImage[];
  readonly command: readonly [string, ...string[]];
  /** What it leaves in its folder. */
  readonly leaves?: string;
  /** Whether its containers print what varies from run to run: process numbers, times. */
  readonly varies?: boolean;
  /** Installs its client. */
  provideClient(): Promise<void>;
  /** Run in the folder before all else: the user's preparation, which is not recorded. */
  readonly before?: readonly [string, ...string[]];
  readonly environment?: Readonly<Record<string, string>>;
}

/** A value of a variable that some of them set, and that nothing of keepset's may hold. */
export const SECRET = 'not-written-down';

export const PIPELINES: readonly Pipeline[] = [
  {
    name: 'cwl',
    images: ['base', 'scripts', 'compiler', 'statistics', 'research'],
    command: ['cwltool', '--outdir', 'results', 'workflow.cwl', 'inputs.yaml'],
    leaves: 'results',
    provideClient: () => ensurePrograms('cwltool'),
  },
  {
    name: 'make',
    images: ['base', 'scripts', 'compiler', 'statistics'],
    command: ['make', '-j2'],
    leaves: 'results',
    provideClient: () => ensurePrograms('make'),
  },
  {
    name: 'snakemake',
    images: ['base', 'scripts', 'statistics'],
    command: ['snakemake', '--cores', '2', '--quiet'],
    leaves: 'results',
    provideClient: () => ensurePrograms('snakemake'),
  },
  {
    name: 'compose',
    images: ['base', 'database'],
    command: ['sh', 'integration.sh'],
    varies: true,
    before: ['docker-compose', '-f', 'compose.yaml', 'build', '-q'],
    provideClient: () => ensurePackages('docker-compose', 'docker-compose'),
  },
  {
    name: 'testcontainers',
    images: ['database', 'scripts', 'site'],
    command: ['node', '--test', 'suite.js'],
    varies: true,
    before: ['npm', 'install', '--no-audit', '--no-fund', '--loglevel=error'],
    // Its helper that removes what is left behind is an image of a registry, which is not asked.
    environment: { TESTCONTAINERS_RYUK_DISABLED: 'true' },
    provideClient: async () => {},
  },
];
