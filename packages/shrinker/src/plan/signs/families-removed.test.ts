import { describe, expect, it } from 'vitest';
import { familiesRemoved } from './families-removed.js';
import { signFacts, treeOf } from './sign-facts.test-helper.js';

const GCONV = '/usr/lib/x86_64-linux-gnu/gconv';
const PIXBUF = '/usr/lib/gdk-pixbuf-2.0/2.10.0';
const GST = '/usr/lib/x86_64-linux-gnu/gstreamer-1.0';
const ZONES = '/usr/share/zoneinfo';
const COMMANDS = '/srv/shop/management/commands';

const TREE = [
  `${GCONV}/gconv-modules.cache`,
  `${GCONV}/ISO8859-1.so`,
  `${GCONV}/ISO8859-15.so`,
  `${GCONV}/UTF-32.so`,
  `${PIXBUF}/loaders.cache`,
  `${PIXBUF}/loaders/libpixbufloader-svg.so`,
  `${PIXBUF}/loaders/io-wmf.so`,
  `${GST}/libgstogg.so`,
  `${GST}/libgstvorbis.so`,
  `${ZONES}/Europe/Berlin`,
  `${ZONES}/America/Argentina/Ushuaia`,
  `${ZONES}/Etc/UTC`,
  `${ZONES}/UTC -> Etc/UTC`,
  `${ZONES}/zone.tab`,
  `${ZONES}/right/Europe/Berlin`,
  `${COMMANDS}/__init__.py`,
  `${COMMANDS}/one.py`,
  `${COMMANDS}/two.py`,
  `${COMMANDS}/three.py`,
];

const signsOf = (
  kept: readonly string[],
  { listed = [], timeZone }: { readonly listed?: readonly string[]; readonly timeZone?: string } = {},
) =>
  familiesRemoved(
    signFacts({
      tree: treeOf(TREE),
      kept,
      listed,
      runs: [{ exitStatus: 0, seconds: 1, ...(timeZone !== undefined && { timeZone }) }],
    }),
  );

describe('what is looked up by name, and is not kept', () => {
  it.each<[string, string, readonly string[], string]>([
    [
      'character-sets-removed',
      'another was loaded',
      [`${GCONV}/ISO8859-1.so`],
      `character sets are looked up by name, and 2 of the 3 in ${GCONV} were never used: ISO8859-15, UTF-32`,
    ],
    [
      'image-loaders-removed',
      'their table was read',
      [`${PIXBUF}/loaders.cache`, `${PIXBUF}/loaders/libpixbufloader-svg.so`],
      `loaders of images (gdk-pixbuf) are looked up by name, and 1 of the 2 in ${PIXBUF} were never used: io-wmf`,
    ],
    [
      'media-plugins-removed',
      'they were only looked at',
      [`${GST}/libgstogg.so`, `${GST}/libgstvorbis.so (stat)`],
      `plugins of GStreamer are looked up by name, and 1 of the 2 in ${GST} were never used: vorbis`,
    ],
    [
      'time-zones-removed',
      'another was asked for',
      [`${ZONES}/Europe/Berlin`],
      `time zones are looked up by name, and 2 of the 3 in ${ZONES} were never used: America/Argentina/Ushuaia, Etc/UTC`,
    ],
  ])('%s is told where %s', (kind, _where, kept, message) => {
    const [sign, ...others] = signsOf(kept);
    expect(others).toEqual([]);
    expect(sign).toMatchObject({ kind, message });
  });

  it('commands-removed is told where their folder was listed and another was loaded', () => {
    const [sign] = signsOf([`${COMMANDS}/one.py (stat)`], { listed: [COMMANDS] });
    expect(sign).toMatchObject({
      kind: 'commands-removed',
      message: `management commands are looked up by name, and 2 of the 3 in ${COMMANDS} were never used: three, two`,
    });
  });

  it.each<[string, readonly string[], Parameters<typeof signsOf>[1]?]>([
    ['only the table of character sets was read, as any program does', [`${GCONV}/gconv-modules.cache`]],
    ['only a Unicode one was loaded, as programs do within themselves', [`${GCONV}/UTF-32.so`]],
    ['a table of loaders was looked at', [`${PIXBUF}/loaders.cache (stat)`]],
    ['plugins were only looked at', [`${GST}/libgstogg.so (stat)`]],
    ['the zone is that of /etc/localtime', [`${ZONES}/Europe/Berlin (open as /etc/localtime)`]],
    ['the zone is that of TZ', [`${ZONES}/Europe/Berlin`], { timeZone: ':Europe/Berlin' }],
    ['the zone is none', [`${ZONES}/Etc/UTC`]],
    ['only folders of zones were opened', [`${ZONES}/Europe`, ZONES], { listed: [ZONES, `${ZONES}/Europe`] }],
    [
      'all zones were at least looked at, as PHP does',
      [`${ZONES}/Europe/Berlin`, `${ZONES}/America/Argentina/Ushuaia (stat)`, `${ZONES}/Etc/UTC (stat)`],
    ],
    ['a table of zones was read', [`${ZONES}/zone.tab`]],
    ['a command was loaded of a folder that nobody listed', [`${COMMANDS}/one.py`]],
    [
      'a folder of commands was listed, and none was loaded',
      [`${COMMANDS}/__init__.py`],
      { listed: [COMMANDS] },
    ],
    [
      'all stay',
      [
        `${PIXBUF}/loaders.cache`,
        `${PIXBUF}/loaders/libpixbufloader-svg.so`,
        `${PIXBUF}/loaders/io-wmf.so (rule)`,
      ],
    ],
  ])('is not told where %s', (_where, kept, more) => {
    expect(signsOf(kept, more)).toEqual([]);
  });
});
