// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the variables of Dockerfiles
import http from 'node:http';
import { homedir } from 'node:os';
import { type Engine, type ImageConfig, resolveEngineAddress } from '@keepset/docker-engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectTestEngine, ensureImage } from '../../../../test-fixtures/images.ts';
import { applyChanges } from './apply-changes.js';
import { CHANGED_KEYS } from './configuration-keys.test-helper.js';

const BASE = `
ENV A="b c" PATH=/usr/bin:/bin EMPTY=
ENTRYPOINT ["/bin/old"]
CMD ["old", "command"]
WORKDIR /work
EXPOSE 80/tcp
LABEL kept=yes
VOLUME /volume
`;
const TAG = 'keepset/test-changes:base';

let engine: Engine;
let config: ImageConfig;
let container: Awaited<ReturnType<Engine['createContainer']>>;

beforeAll(async () => {
  engine = await connectTestEngine();
  const dockerfile = `FROM ${await ensureImage(engine, 'static')}\n${BASE}`;
  await engine.buildImage([{ header: { name: 'Dockerfile' }, content: Buffer.from(dockerfile) }], {
    tag: TAG,
  });
  config = (await engine.inspectImage(TAG))?.config ?? {};
  container = await engine.createContainer({ Image: TAG }, 'test');
});
afterAll(async () => {
  await engine?.[Symbol.asyncDispose]();
  await engine?.removeImage(TAG);
});

/** What the engine's own commit makes of the configuration. */
async function committed(changes: readonly string[]): Promise<ImageConfig> {
  const address = resolveEngineAddress({ environment: process.env, homeDirectory: homedir() });
  const query = new URLSearchParams({ container: container.id });
  for (const change of changes) query.append('changes', change);
  const place =
    address.socketPath === undefined
      ? { host: address.host, port: address.port }
      : { socketPath: address.socketPath };
  const request = http.request({
    ...place,
    method: 'POST',
    path: `/commit?${query}`,
    headers: { 'Content-Type': 'application/json' },
  });
  request.end('{}');
  const answer = await new Promise<http.IncomingMessage>((resolve, reject) =>
    request.on('response', resolve).on('error', reject),
  );
  const text = Buffer.concat(await Array.fromAsync(answer as AsyncIterable<Buffer>)).toString();
  const { Id } = JSON.parse(text) as { Id?: string };
  if (Id === undefined) throw new Error(text);
  const image = await engine.inspectImage(Id);
  await engine.removeImage(Id);
  return image?.config ?? {};
}

/** An empty list, an empty name and an absent one are the same to an engine. */
const comparable = (one: ImageConfig, own: readonly string[] = []) =>
  Object.fromEntries(
    CHANGED_KEYS.map((key) => {
      const value =
        key === 'Labels'
          ? Object.fromEntries(Object.entries(one.Labels ?? {}).filter(([name]) => !own.includes(name)))
          : one[key];
      return [key, Array.isArray(value) && value.length === 0 ? null : (value ?? null) || null];
    }),
  );
/** keepset labels its containers, and a commit takes labels over. */
const OWN_LABELS = ['org.keepset.role', 'org.keepset.session', 'org.keepset.owner'];

describe('what a change makes of a configuration is what the engine makes of it', () => {
  it.each([
    [['CMD ["a", "b c"]']],
    [['CMD echo $A | cat']],
    [['cmd []']],
    [['CMD ["not", json]']],
    [['ENTRYPOINT ["/new"]']],
    [['ENTRYPOINT /new "x"']],
    [['CMD ["first"]', 'ENTRYPOINT ["/new"]']],
    [['ENTRYPOINT ["/new"]', 'CMD ["last"]']],
    [['ENV A=b']],
    [['ENV NEW one  two ']],
    [['ENV X=1 Y="a b" Z=\'$A\' W=a\\ b']],
    [['ENV PATH=/opt/bin:$PATH', 'ENV PATH=${PATH}:/last']],
    [['ENV D=${NONE:-default} E=${A:+there} F=${EMPTY:-${A}} G=$NONE']],
    [['ENV A=1 B=$A']],
    [['ENV Q="say \\"hi\\" \\n \\$A $A"']],
    [['EXPOSE 443 53/udp', 'EXPOSE 8000-8002']],
    [['EXPOSE ${PORT:-9000}']],
    [['HEALTHCHECK CMD curl -f http://localhost/ || exit 1']],
    [['HEALTHCHECK --interval=1m30s --timeout=3s --start-period=500ms --retries=5 CMD ["/check", "a"]']],
    [['HEALTHCHECK NONE']],
    [['LABEL org.example.a="b c" d=e', 'LABEL single a value']],
    [['ONBUILD COPY . /app']],
    [['USER 1234:5678']],
    [['USER guest']],
    [['VOLUME /a "/b"', 'VOLUME ["/c", "/d e"]']],
    [['WORKDIR below/it']],
    [['WORKDIR /else/../where', 'WORKDIR ./deeper']],
    [['LABEL x=1', 'ENV B=2', 'USER root', 'CMD true']],
  ])('%j', async (changes) => {
    expect(comparable(applyChanges(config, changes))).toEqual(
      comparable(await committed(changes), OWN_LABELS),
    );
  });
});

// A commit does not take this one, though a build does.
it('STOPSIGNAL is what a build makes of it', async () => {
  const tag = 'keepset/test-changes:signal';
  const dockerfile = `FROM ${TAG}\nSTOPSIGNAL SIGUSR1\n`;
  await engine.buildImage([{ header: { name: 'Dockerfile' }, content: Buffer.from(dockerfile) }], { tag });
  const built = (await engine.inspectImage(tag))?.config ?? {};
  await engine.removeImage(tag);
  expect(comparable(applyChanges(config, ['STOPSIGNAL SIGUSR1']))).toEqual(comparable(built));
});

describe('what neither takes', () => {
  it.each([
    ['RUN true', /not one of/],
    ['FROM debian', /not one of/],
    ['toString x', /not one of/],
    ['', /not one of/],
    ['ENV', /says nothing/],
    ['ENV A', /has no value/],
    ['ENV A=1 B', /not NAME=VALUE/],
    ['ENV =1', /no name/],
    ['ENV A=${B', /missing/],
    ['ENV A=${B?x}', /not a form/],
    ['EXPOSE many', /PORT/],
    ['EXPOSE 70000', /PORT/],
    ['EXPOSE 10-9', /PORT/],
    ['HEALTHCHECK --interval=soon CMD true', /not a duration/],
    ['HEALTHCHECK --often=1 CMD true', /not known/],
    ['HEALTHCHECK curl', /CMD or NONE/],
    ['ONBUILD FROM debian', /cannot stand/],
  ])('%j', async (change, reason) => {
    expect(() => applyChanges(config, [change])).toThrow(
      expect.objectContaining({ code: 'BUILD_BAD_CHANGE' }),
    );
    expect(() => applyChanges(config, [change])).toThrow(reason);
    if (change !== '') await expect(committed([change])).rejects.toThrow();
  });
});
