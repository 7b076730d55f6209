import { openRepository, parseTagReference } from '@keepset/docker-engine';
import type { Output } from '@keepset/image-builder';

/**
 * That a registry does not answer, or does not take anything, must not be found out after a long run.
 *
 * @throws EngineError
 */
export async function requirePushable(outputs: readonly Output[]): Promise<void> {
  for (const { type, destination, registries } of outputs)
    if (type === 'registry')
      await openRepository(parseTagReference(String(destination)).repository, registries).requireWritable();
}
