import { readFile } from 'node:fs/promises';
import type { ContainerConfig, Engine } from '@keepset/docker-engine';
import { packageFile } from '../package-file.js';
import { ToolboxError } from '../toolbox-error.js';
import { chooseInstaller, INSTALLERS } from './installer.js';
import type { ToolboxFiles } from './toolbox-files.js';
import { readToolboxFolder } from './toolbox-folder.js';

/** How much of what the installer says last an error carries. */
const COMPLAINT_BYTES_MAX = 500;

/**
 * Let an image's own package manager install the programs, in a container of it that has the network and is removed
 * afterwards: the image itself, with its user, stays as it is.
 *
 * @param image  with apt-get, apk, dnf, microdnf or zypper
 * @throws ToolboxError TOOLBOX_UNAVAILABLE  it has none of them, or that one fails
 */
export async function installToolbox(engine: Engine, image: string): Promise<ToolboxFiles> {
  const gather = await readFile(packageFile('gather.sh'), 'utf8');
  const paths = INSTALLERS.flatMap((installer) => installer.paths);
  const config = (script: string): ContainerConfig => ({
    Image: image,
    Entrypoint: ['/bin/sh'],
    Cmd: ['-c', `${script}\n${gather}`],
    User: '0:0',
    Healthcheck: { Test: ['NONE'] },
  });
  await using looked = await engine.createContainer(config(''), 'toolbox');
  const stats = await Promise.all(paths.map((path) => looked.statPath(path)));
  const installer = chooseInstaller(new Set(paths.filter((_, index) => stats[index] !== undefined)));
  if (installer === undefined)
    throw unavailable(`the image has none of ${INSTALLERS.map(({ name }) => name).join(', ')}`);

  await using container = await engine.createContainer(
    config(`{ ${installer.script}; } >&2 || exit`),
    'toolbox',
  );
  const { output } = await container.attach({ stdin: false, tty: false });
  await container.start();
  let said = '';
  for await (const { bytes } of output)
    said = (said + Buffer.from(bytes).toString('utf8')).slice(-COMPLAINT_BYTES_MAX);
  const files = (await container.wait()) === 0 ? await readToolboxFolder(container) : undefined;
  if (files === undefined) {
    const last = said.trim().split('\n').slice(-2).join('; ');
    throw unavailable(`${installer.name} of the image could not install strace and its like: ${last}`);
  }
  return files;
}

function unavailable(message: string): ToolboxError {
  return new ToolboxError('TOOLBOX_UNAVAILABLE', message, {
    facts: { source: 'install' },
    hint: 'Set `source` to `host` or `image=REF`; `install` needs a package manager and the network.',
  });
}
