import { expect, it } from 'vitest';
import { withoutPreloads } from './without-preloads.js';

it('the loader asks for nothing below /etc, and is otherwise the same', () => {
  const loader = Buffer.from(
    'ELF /etc/ld.so.preload\0 /etc/ld.so.cache\0 /etc/ld.so.cache\0/etc/ld.so.cached\0',
  );
  const files = new Map([
    ['loader', loader],
    ['bin/cat', Buffer.from('/etc/ld.so.preload\0')],
  ]);
  const changed = withoutPreloads(files);
  expect(Buffer.from(changed.get('loader') ?? []).toString()).toBe(
    'ELF /dev/null/.preload\0 /dev/null/.cache\0 /dev/null/.cache\0/etc/ld.so.cached\0',
  );
  expect(changed.get('bin/cat')).toBe(files.get('bin/cat'));
  expect(loader.toString()).toContain('/etc/ld.so.preload');
});
