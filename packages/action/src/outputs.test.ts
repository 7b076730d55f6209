import { expect, it } from 'vitest';
import { dotenv, githubOutput } from './outputs.js';

const OUTPUTS = { size: '12', verdict: 'verified\nsize=1' };

it('a value is no second output of GitHub Actions', () => {
  expect(githubOutput(OUTPUTS, 'END')).toBe('size<<END\n12\nEND\nverdict<<END\nverified\nsize=1\nEND\n');
});

it('a value is no second variable of GitLab', () => {
  expect(dotenv({ ...OUTPUTS, 'source-size': '9' })).toBe(
    'KEEPSET_SIZE=12\nKEEPSET_VERDICT=verified size=1\nKEEPSET_SOURCE_SIZE=9\n',
  );
});
