import { expect, it } from 'vitest';
import { ownPlace } from './own-place.js';

it.each<[path: string, workdir: string, place: string | undefined]>([
  ['/srv/shop/app.py', '/', '/srv'],
  ['/app', '/', '/'],
  ['/app/main', '/', '/app'],
  ['/opt/tool/x', '/', '/opt/tool'],
  ['/opt/x', '/', undefined],
  ['/home/me/work/x', '/', '/home/me'],
  ['/usr/src/app/x', '/', '/usr/src/app'],
  ['/var/www/html/x', '/', '/var/www'],
  ['/usr/local/apache2/htdocs/a/x', '/', '/usr/local/apache2/htdocs'],
  ['/usr/local/bin/x', '/', undefined],
  ['/usr/local/shop/x', '/usr/local/shop', '/usr/local/shop'],
  ['/usr/local/shop/x', '/usr/local', undefined],
  ['/etc/shop/x', '/etc/shop', undefined],
  ['/srv/shop/x', '/srv/shop', '/srv/shop'],
  ['/srv/other/x', '/srv/shop', '/srv'],
  ['/etc/x', '/', undefined],
  ['/usr/lib/x', '', undefined],
])('%s with WORKDIR %s', (path, workdir, place) => {
  expect(ownPlace(path, workdir)).toBe(place);
});
