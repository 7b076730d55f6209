import type { Engine } from '@keepset/docker-engine';
import { mergeWithImage, parseAskedContainer } from '../api/asked-container.js';
import { parseAskedExec } from '../api/traced-exec.js';
import type { CreationRules } from './handle-requests.js';
import { onCreated } from './on-created.js';
import { sourceOf } from './source-of.js';
import type { ContainerWatch } from './watch-containers.js';

export interface SubstitutionContext {
  readonly engine: Pick<Engine, 'inspectImage'>;
  readonly watch: ContainerWatch;
  /** By the id of the image that is asked for: what the container is made of. */
  readonly substitutes: ReadonlyMap<string, string>;
}

/** Containers are created of other images, where there are such; nothing is traced. */
export function substitutionRules({ engine, watch, substitutes }: SubstitutionContext): CreationRules {
  return {
    createElsewise() {},

    async create(body, { name, client }) {
      const asked = parseAskedContainer(body);
      const image = asked && (await engine.inspectImage(asked.Image));
      // The client hears it from the engine, and pulls.
      if (asked === undefined || image === undefined) return undefined;
      const { id: imageId, architecture, config } = image;
      const substitute = substitutes.get(imageId);
      return {
        body: Buffer.from(substitute === undefined ? body : JSON.stringify({ ...asked, Image: substitute })),
        onAnswer: onCreated((id) => {
          watch.add({
            ...{ id, name, client },
            image: { reference: asked.Image, id: imageId, architecture },
            asked: {
              body: asked,
              merged: mergeWithImage(asked, config),
              ...(substitute !== undefined && { source: sourceOf(image) }),
            },
          });
        }),
      };
    },

    async createExec(body, container) {
      const asked = parseAskedExec(body);
      if (asked === undefined) return undefined;
      return {
        body: Buffer.from(body),
        onAnswer: onCreated((id) => {
          watch.addExec(container, id, asked);
        }),
      };
    },
  };
}
