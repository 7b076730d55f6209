import { expect, it } from 'vitest';
import { fileKind } from './page/file-kind.js';

it.each([
  ['/usr/lib/x86_64-linux-gnu/libssl.so.3', 'library'],
  ['/usr/bin/perl', 'program'],
  ['/opt/tool/bin/run.sh', 'program'],
  ['/usr/lib/git-core/libexec/helper', 'program'],
  ['/usr/lib/python3.11/json/decoder.py', 'code'],
  ['/usr/lib/R/library/stats/R/stats.rdb', 'code'],
  ['/usr/share/doc/perl/copyright', 'document'],
  ['/usr/share/locale/de/LC_MESSAGES/coreutils.mo', 'document'],
  ['/opt/README.md', 'document'],
  ['/etc/passwd', 'data'],
  ['/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf', 'data'],
  ['/binary', 'data'],
])('%s is of the kind %s', (path, kind) => {
  expect(fileKind(path)).toBe(kind);
});
