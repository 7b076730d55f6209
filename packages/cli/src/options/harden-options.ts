import { FURTHER_FAMILIES } from '@keepset/hardening';
import { optionGroup } from './option.js';

/** Families of system calls. */
export const FAMILY_OPTION = {
  type: 'choice',
  choices: FURTHER_FAMILIES.map(({ name }) => name),
  repeatable: true,
  description: 'Allow a family of system calls as well that a run seldom shows',
} as const;

/** The least rights under which a result still does the same. */
export const HARDEN_OPTIONS = optionGroup('Least privilege', {
  harden: {
    type: 'text',
    value: 'DIR',
    bare: '',
    description:
      'Find the least rights of the result (system calls, capabilities, a read-only root, network), verify it under all of them, and write them to this folder for Docker, Podman, Compose, Kubernetes, systemd and AppArmor; without a folder, only the manifest has them',
  },
  base: {
    ...FAMILY_OPTION,
    description: 'With `--harden`: allow a family of system calls as well that a run seldom shows',
  },
});
