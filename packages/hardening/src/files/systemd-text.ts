import type { Hardening } from '../hardening.js';

/**
 * A drop-in for a unit that runs the command without a container.
 *
 * @see systemd.exec(5)
 */
export function systemdText({
  architecture,
  thirtyTwoBit,
  calls,
  capabilities,
  gaining,
  writable,
  rootWrites,
  network,
}: Hardening): string {
  const names = calls.filter(({ reasons }) => reasons.some(({ kind }) => kind !== 'runtime'));
  const bounding = capabilities.map(({ name }) => `CAP_${name}`).join(' ');
  const lines = [
    `CapabilityBoundingSet=${bounding}`,
    `NoNewPrivileges=${gaining.length === 0 ? 'yes' : 'no'}`,
    ...(rootWrites.length === 0 ? ['ProtectSystem=strict'] : []),
    ...(writable.some(({ path }) => path === '/tmp' || path === '/var/tmp') ? ['PrivateTmp=yes'] : []),
    ...writable
      .filter(({ path }) => path !== '/tmp' && path !== '/var/tmp')
      .map(({ path }) => `ReadWritePaths=-${path}`),
    ...(network.kind === 'none' ? ['PrivateNetwork=yes'] : []),
    `SystemCallArchitectures=native${thirtyTwoBit ? ` ${architecture === 'arm64' ? 'arm' : 'x86'}` : ''}`,
    'SystemCallErrorNumber=EPERM',
    ...names.map(({ name }) => `SystemCallFilter=${name}`),
  ];
  return `# A drop-in for a unit whose ExecStart= is the command: /etc/systemd/system/NAME.service.d/keepset.conf\n[Service]\n${lines.join('\n')}\n`;
}
