import { toYaml } from './to-yaml.js';

/** What a pipeline of a fleet needs to know. */
export interface FleetPipeline {
  /** How many jobs share the tasks. */
  readonly parts: number;
  /** How many of them at a time; undefined: as many as the service lets. */
  readonly jobs: number | undefined;
  /** Lines of a shell that put keepset there. */
  readonly install: readonly string[];
  /** A line of a shell that does the part of `$PART` of `$PARTS`. */
  readonly run: string;
  /** The folders that are to stay from run to run: the record, manifests. */
  readonly folders: readonly string[];
}

/** What services let: jobs of one matrix, and of one `parallel`. */
export const PARTS_MAX = { github: 256, gitlab: 200 } as const;

/** Of one job alone, GitLab says no number. */
const GITLAB_PART = `PART=\${CI_NODE_INDEX:-1} PARTS=\${CI_NODE_TOTAL:-1}`;

/**
 * A workflow for GitHub Actions, as YAML: a matrix of jobs that share the tasks. The record of each is in the cache, so that
 * what is done is not done again.
 *
 * @see https://docs.github.com/actions/reference/workflow-syntax-for-github-actions
 */
export function githubWorkflow({ parts, jobs, install, run, folders }: FleetPipeline): string {
  const cache = `keepset-fleet-${expression('matrix.part')}-${parts}-`;
  return toYaml({
    name: 'fleet',
    on: { workflow_dispatch: null, schedule: [{ cron: '0 3 * * 1' }] },
    permissions: { contents: 'read' },
    jobs: {
      fleet: {
        'runs-on': 'ubuntu-latest',
        strategy: {
          'fail-fast': false,
          ...(jobs !== undefined && { 'max-parallel': jobs }),
          matrix: { part: numbersTo(parts) },
        },
        // No name of a task or an image is in a script: each job finds its own in the file.
        env: { PART: expression('matrix.part'), PARTS: String(parts) },
        steps: [
          { uses: 'actions/checkout@v4' },
          { uses: 'actions/setup-node@v4', with: { 'node-version': '24' } },
          ...install.map((line) => ({ run: line })),
          {
            uses: 'actions/cache/restore@v4',
            with: { path: lines(folders), key: cache + expression('github.run_id'), 'restore-keys': cache },
          },
          { run },
          {
            uses: 'actions/cache/save@v4',
            if: 'always()',
            with: { path: lines(folders), key: cache + expression('github.run_id') },
          },
          {
            uses: 'actions/upload-artifact@v4',
            if: 'always()',
            with: {
              name: `fleet-${expression('matrix.part')}`,
              path: lines(folders),
              'include-hidden-files': true,
            },
          },
        ],
      },
    },
  });
}

/**
 * A pipeline for GitLab CI, as YAML: jobs that share the tasks, each with an engine beside it.
 *
 * @see https://docs.gitlab.com/ci/yaml/
 */
export function gitlabPipeline({ parts, install, run, folders }: FleetPipeline): string {
  return toYaml({
    fleet: {
      // One job has no number.
      ...(parts > 1 && { parallel: parts }),
      image: 'node:24-bookworm',
      services: ['docker:dind'],
      variables: {
        DOCKER_HOST: 'tcp://docker:2375',
        DOCKER_TLS_CERTDIR: '',
      },
      before_script: install,
      script: [GITLAB_PART, run],
      cache: { key: 'keepset-fleet-$CI_NODE_INDEX-$CI_NODE_TOTAL', when: 'always', paths: folders },
      artifacts: { when: 'always', paths: folders },
    },
  });
}

/** Of GitHub Actions. */
function expression(text: string): string {
  return `\${{ ${text} }}`;
}

function numbersTo(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

function lines(words: readonly string[]): string {
  return words.join('\n');
}
