// Slurm on this machine: one controller and two nodes, in a folder of their own, on ports of loopback. Wants root.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { ensurePackages } from './ensure-programs.ts';

const run = promisify(execFile);
const START_MS_MAX = 60_000;

export interface TestSlurm extends AsyncDisposable {
  /** By which the commands of Slurm find it. */
  readonly environment: Readonly<Record<string, string>>;
  /** End the daemon of a node, as a crash would; it does not come back by itself. */
  killNode(name: string): void;
  startNode(name: string): void;
}

/** @param nodes  their names; each does one task at a time */
export async function startSlurm(nodes: readonly string[] = ['n1', 'n2']): Promise<TestSlurm> {
  await ensurePackages('sbatch', 'slurm-wlm');
  const folder = mkdtempSync(join(tmpdir(), 'slurm-'));
  const ports = await freePorts(nodes.length + 1);
  for (const name of ['ctld', ...nodes.map((node) => `d${node}`)]) mkdirSync(join(folder, name));
  const configuration = join(folder, 'slurm.conf');
  writeFileSync(
    configuration,
    `ClusterName=test
SlurmctldHost=${hostname()}(127.0.0.1)
SlurmctldPort=${ports[nodes.length]}
AuthType=auth/none
CredType=cred/none
SlurmUser=root
SlurmdUser=root
StateSaveLocation=${folder}/ctld
SlurmdSpoolDir=${folder}/d%n
SlurmctldPidFile=${folder}/ctld.pid
SlurmdPidFile=${folder}/d%n.pid
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SelectType=select/cons_tres
SwitchType=switch/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
ReturnToService=2
SlurmdTimeout=10
KillWait=5
${nodes.map((node, at) => `NodeName=${node} NodeHostname=${hostname()} NodeAddr=127.0.0.1 Port=${ports[at]} CPUs=1 RealMemory=2000`).join('\n')}
PartitionName=all Nodes=${nodes.join(',')} Default=YES MaxTime=INFINITE State=UP
`,
  );
  const environment = { SLURM_CONF: configuration };
  const daemons = new Map<string, ChildProcess>();
  const start = (name: string, program: string, ...words: readonly string[]) => {
    const log = openSync(join(folder, `${name}.log`), 'a');
    const daemon = spawn(program, ['-f', configuration, '-D', ...words], { stdio: ['ignore', log, log] });
    daemon.on('error', () => {});
    daemons.set(name, daemon);
  };
  const startNode = (name: string) => start(name, '/usr/sbin/slurmd', '-N', name);
  const ask = async (program: string, ...words: readonly string[]) =>
    (await run(program, [...words], { env: { ...process.env, ...environment } })).stdout;

  async function dispose(): Promise<void> {
    await ask('scancel', '--state=PENDING', '--user=root').catch(() => {});
    await ask('scancel', '--user=root').catch(() => {});
    for (const daemon of daemons.values()) daemon.kill('SIGTERM');
    await Promise.all([...daemons.values()].map(ended));
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }

  start('ctld', '/usr/sbin/slurmctld');
  for (const node of nodes) startNode(node);
  for (const deadline = Date.now() + START_MS_MAX; Date.now() < deadline; await delay(200)) {
    const states = await ask('sinfo', '--noheader', '--Node', '--format=%T').catch(() => '');
    if (
      states
        .trim()
        .split('\n')
        .filter((state) => state === 'idle').length === nodes.length
    )
      return {
        environment,
        startNode,
        killNode: (name) => void daemons.get(name)?.kill('SIGKILL'),
        [Symbol.asyncDispose]: dispose,
      };
  }
  const said = ['ctld', ...nodes].map((name) =>
    readFileSync(join(folder, `${name}.log`), 'utf8').slice(-500),
  );
  await dispose();
  throw new Error(`Slurm does not start:\n${said.join('\n')}`);
}

async function ended(daemon: ChildProcess): Promise<void> {
  if (daemon.exitCode !== null || daemon.signalCode !== null || daemon.pid === undefined) return;
  await new Promise((resolve) => daemon.once('close', resolve));
}

async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => new Promise((resolve) => server.once('listening', resolve))));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
