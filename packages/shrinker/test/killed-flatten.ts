// Flattens IMAGE to OUT and ends itself, by SIGKILL, in the middle of the load: node killed-flatten.ts IMAGE OUT
import { connectEngine, resolveEngineAddress } from '@keepset/docker-engine';
import { flatten } from '@keepset/shrinker';

const [image = '', out = ''] = process.argv.slice(2);
const address = resolveEngineAddress({ environment: process.env, homeDirectory: '/' });
const engine = await connectEngine({ address });
await flatten(
  engine,
  { image, tags: [out], version: 'test' },
  {
    onEvent({ kind }) {
      if (kind === 'stage-progress') process.kill(process.pid, 'SIGKILL');
    },
  },
);
