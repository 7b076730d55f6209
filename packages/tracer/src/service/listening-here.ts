import { readFile } from 'node:fs/promises';
import type { Container } from '@keepset/docker-engine';
import { listeningPorts } from './listening-ports.js';

/**
 * TCP ports on which something in a container listens, as this machine's kernel knows: no program is started for it.
 *
 * @returns undefined: its processes are not this machine's, as far as can be told
 * @see proc_pid_net(5)
 */
export async function listeningHere(
  container: Pick<Container, 'id' | 'state'>,
): Promise<ReadonlySet<number> | undefined> {
  const { processId } = await container.state();
  if (processId === undefined) return undefined;
  const ofProcess = (name: string) => readFile(`/proc/${processId}/${name}`, 'latin1').catch(() => '');
  const [tcp, tcp6] = [await ofProcess('net/tcp'), await ofProcess('net/tcp6')];
  // Another machine has other processes with the same numbers; and one that has ended gives its number to others.
  if (tcp === '' || !(await ofProcess('cgroup')).includes(container.id)) return undefined;
  return listeningPorts(tcp + tcp6);
}
