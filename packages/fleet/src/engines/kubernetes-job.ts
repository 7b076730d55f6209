import { toYaml } from './to-yaml.js';

/** What a Job needs to know. */
export interface KubernetesJob {
  /** How many tasks there are. */
  readonly count: number;
  /** How many at a time. */
  readonly jobs: number;
  /** The image of keepset. */
  readonly image: string;
  /** What does one task, words for that image; its place follows as the last word. */
  readonly command: readonly string[];
  /** Where the folder of the fleet is mounted, in which tasks run. */
  readonly folder: string;
}

/** The claim that has the folder of the fleet. */
const CLAIM = 'keepset-fleet';
const ENGINE_FOLDER = '/run/keepset-engine';
const ENGINE_SOCKET = `unix://${ENGINE_FOLDER}/docker.sock`;
const TRIES = 3;

/**
 * An Indexed Job for Kubernetes, as YAML: a pod for each task, with an engine of its own beside it. The folder of the fleet
 * is a volume of the claim `keepset-fleet`, which all pods write.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/job/
 */
export function kubernetesJob({ count, jobs, image, command, folder }: KubernetesJob): string {
  return toYaml({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { generateName: 'keepset-fleet-', labels: { app: 'keepset-fleet' } },
    spec: {
      completionMode: 'Indexed',
      completions: count,
      parallelism: Math.min(jobs, count),
      // A task that fails is no reason to give up the others.
      backoffLimitPerIndex: TRIES - 1,
      maxFailedIndexes: count,
      template: {
        metadata: { labels: { app: 'keepset-fleet' } },
        spec: {
          restartPolicy: 'Never',
          automountServiceAccountToken: false,
          initContainers: [
            {
              name: 'engine',
              image: 'docker:dind',
              // It ends when the task has ended.
              restartPolicy: 'Always',
              args: ['dockerd', `--host=${ENGINE_SOCKET}`],
              securityContext: { privileged: true },
              startupProbe: {
                exec: { command: ['docker', `--host=${ENGINE_SOCKET}`, 'version'] },
                periodSeconds: 1,
                failureThreshold: 60,
              },
              volumeMounts: [
                { name: 'engine', mountPath: ENGINE_FOLDER },
                { name: 'images', mountPath: '/var/lib/docker' },
              ],
            },
          ],
          containers: [
            {
              name: 'task',
              image,
              // Kubernetes itself puts the place in; it would do so with any other `$(…)`, too.
              args: [...command.map((word) => word.replaceAll('$(', '$$$$(')), '$(JOB_COMPLETION_INDEX)'],
              workingDir: folder,
              env: [{ name: 'DOCKER_HOST', value: ENGINE_SOCKET }],
              volumeMounts: [
                { name: 'engine', mountPath: ENGINE_FOLDER },
                { name: 'fleet', mountPath: folder },
              ],
            },
          ],
          volumes: [
            { name: 'fleet', persistentVolumeClaim: { claimName: CLAIM } },
            { name: 'engine', emptyDir: {} },
            { name: 'images', emptyDir: {} },
          ],
        },
      },
    },
  });
}
