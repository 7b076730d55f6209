import { countCalls, type Hardening } from '@keepset/hardening';

/** Rights in one line: `38 system calls (12 of the runs, 24 of every program, 2 of runtimes), no capability, read-only root`. */
export function rightsText(hardening: Hardening): string {
  const { capabilities, gaining, rootWrites, network, plainUser, writable } = hardening;
  const inMemory = writable.filter(({ kind }) => kind === 'tmpfs').map(({ path }) => path);
  const { all, runs, base, runtime } = countCalls(hardening);
  return [
    `${all} system calls (${runs} of the runs, ${base} of every program, ${runtime} of runtimes)`,
    capabilities.length === 0 ? 'no capability' : capabilities.map(({ name }) => name).join(' '),
    ...(gaining.length === 0 ? [] : ['privileges can be gained']),
    rootWrites.length === 0 ? 'read-only root' : 'writable root',
    ...(network.kind === 'none' ? ['no network'] : []),
    ...(plainUser === undefined ? [] : [plainUser ? 'would do as a plain user' : 'needs to be root']),
    ...(inMemory.length === 0 ? [] : [`not compared, since in memory: ${inMemory.join(' ')}`]),
  ].join(', ');
}
