import type { Hardening } from '../hardening.js';
import { toSeccompProfile } from '../seccomp-profile.js';
import { apparmorText } from './apparmor-text.js';
import { composeText } from './compose-text.js';
import { kubernetesText } from './kubernetes-text.js';
import { runScript } from './run-script.js';
import { systemdText } from './systemd-text.js';
import { whyText } from './why-text.js';

/**
 * Rights in the forms of those who enforce them: file names → texts. `hardening.json` is the record that all others follow
 * from. The library that writes YAML is loaded here: whoever only finds rights does without.
 *
 * @throws HardeningError ARCHITECTURE_UNKNOWN
 */
export async function hardeningFiles(hardening: Hardening): Promise<ReadonlyMap<string, string>> {
  const json = (value: unknown) => `${JSON.stringify(value, undefined, 2)}\n`;
  return new Map([
    ['hardening.json', json(hardening)],
    ['seccomp.json', json(toSeccompProfile(hardening))],
    ['run.sh', runScript(hardening)],
    ['compose.yaml', await composeText(hardening)],
    ['kubernetes.yaml', await kubernetesText(hardening)],
    ['systemd.conf', systemdText(hardening)],
    ['apparmor.profile', apparmorText(hardening)],
    ['why.md', whyText(hardening)],
  ]);
}
