import type { Hardening } from '../hardening.js';
import { containerOptions } from './container-options.js';

/** Of `docker run` and `podman run`, in their words. */
function flags(hardening: Hardening): readonly string[] {
  const { readOnly, capabilities, noNewPrivileges, tmpfs, volumes, network } = containerOptions(hardening);
  return [
    '--cap-drop ALL',
    ...capabilities.map((name) => `--cap-add ${name}`),
    ...(noNewPrivileges ? ['--security-opt no-new-privileges'] : []),
    '--security-opt "seccomp=$here/seccomp.json"',
    ...(readOnly ? ['--read-only'] : []),
    ...tmpfs.map((place) => `--tmpfs '${place}'`),
    ...volumes.map((path) => `--volume '${path}'`),
    ...(network === undefined ? [] : [`--network ${network}`]),
  ];
}

/** A shell script that runs an image under rights, by Docker or Podman. */
export function runScript(hardening: Hardening): string {
  return `#!/bin/sh
# Runs an image under the rights that were found for ${hardening.images.join(', ')}.
#   run.sh [OPTION...] IMAGE [COMMAND...]      options are those of docker run
#   ENGINE=podman run.sh IMAGE
set -eu
here=$(cd "$(dirname "$0")" && pwd)
exec "\${ENGINE:-docker}" run --rm \\
${flags(hardening)
  .map((flag) => `  ${flag} \\\n`)
  .join('')}  "$@"
`;
}
