import type { Hardening } from '../hardening.js';
import { containerOptions, placesOf } from './container-options.js';
import { serviceName } from './service-name.js';

/**
 * Fragments of pods for Kubernetes, one for each image.
 *
 * @see Kubernetes API reference, "SecurityContext v1 core"
 */
export async function kubernetesText(hardening: Hardening): Promise<string> {
  const { stringify } = await import('yaml');
  const { readOnly, capabilities, noNewPrivileges } = containerOptions(hardening);
  const { writable } = hardening;
  const nameOf = (index: number) => `writable-${index + 1}`;
  const pods = hardening.images.map((image) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: serviceName(image) },
    spec: {
      containers: [
        {
          name: serviceName(image),
          image,
          securityContext: {
            allowPrivilegeEscalation: !noNewPrivileges,
            readOnlyRootFilesystem: readOnly,
            capabilities: { drop: ['ALL'], ...(capabilities.length > 0 && { add: capabilities }) },
            seccompProfile: {
              type: 'Localhost',
              localhostProfile: `keepset/${serviceName(image)}.json`,
            },
          },
          ...(writable.length > 0 && {
            volumeMounts: writable.map(({ path }, index) => ({ name: nameOf(index), mountPath: path })),
          }),
        },
      ],
      ...(writable.length > 0 && {
        volumes: writable.map(({ kind }, index) => ({
          name: nameOf(index),
          emptyDir: kind === 'tmpfs' ? { medium: 'Memory' } : {},
        })),
      }),
    },
  }));
  const contents = placesOf(writable, 'volume').map(({ path }) => path);
  const notes = [
    ...hardening.images.map(
      (image) =>
        `# seccomp.json is to lie on each node as <kubelet's root>/seccomp/keepset/${serviceName(image)}.json.`,
    ),
    ...(contents.length === 0
      ? []
      : [
          `# An emptyDir is empty at first. Engines begin these places with what the image has there: ${contents.join(', ')}.`,
        ]),
  ];
  return `${notes.map((note) => `${note}\n`).join('')}${pods.map((pod) => stringify(pod)).join('---\n')}`;
}
