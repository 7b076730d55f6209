import { toContainerConfig } from '@keepset/docker-engine';
import { runContainer } from '@keepset/tracer';
import { recordOutput } from './record-output.js';
import type { SourceRun } from './source-run.js';
import { stdinOf } from './standard-input.js';
import type { Work } from './work.js';

/**
 * Run the command as `docker run` would, with nothing beside it, in the source: what a keep list that was made
 * before is verified against.
 *
 * @param id  of the image
 * @throws EngineError COMMAND_NOT_FOUND, …
 */
export async function runPlainly(work: Work, id: string): Promise<SourceRun> {
  const { engine, request, folder, streams, stages } = work;
  return await stages.run('run', request.command.join(' '), async () => {
    await using recorder = await recordOutput(folder, 'source');
    const config = toContainerConfig(id, request.command, request.run);
    await using container = await engine.createContainer(config, 'run');
    const start = performance.now();
    const exitStatus = await runContainer(container, config, {
      ...stdinOf(work, true),
      async onOutput(chunk) {
        await recorder.write(chunk);
        await streams.onOutput(chunk);
      },
    });
    const seconds = (performance.now() - start) / 1000;
    return [{ exitStatus, seconds, output: await recorder.finish() }, `exit status ${exitStatus}`] as const;
  });
}
