import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StoredManifest } from '../record/read-manifest.js';
import {
  chooseSharedLayers,
  parseSharedLayers,
  printSharedLayers,
  SharedLayerPlan,
} from './shared-layers.js';

type Result = Parameters<SharedLayerPlan['add']>[0];
type Entry = StoredManifest['entries'] extends ReadonlyMap<string, infer Each> ? Each : never;

const BIG = 100_000;

const fileOf = (further: Partial<Entry> = {}): Entry => ({
  ...{ type: 'file', sizeBytes: BIG, isKept: true, isStub: false, mode: 0o644, uid: 0, gid: 0 },
  ...{ mtimeSeconds: 1, owners: [], sha256: 'a' },
  ...further,
});

const resultOf = (
  id: string,
  files: Readonly<Record<string, Entry>>,
  generated: readonly string[] = [],
): Result => ({
  source: { reference: undefined, id, sizeBytes: 1 },
  entries: new Map(Object.entries(files)) as unknown as Result['entries'],
  generated: new Map(generated.map((path) => [path, {}])) as unknown as Result['generated'],
});

function planOf(...results: readonly Result[]) {
  const plan = new SharedLayerPlan();
  for (const result of results) plan.add(result);
  return plan;
}

const pathsOf = (plan: SharedLayerPlan) => plan.layers().layers.map(({ paths }) => paths);

describe('what the same results have is a layer', () => {
  it('also where their sources are others', () => {
    const common = { '/lib': fileOf(), '/bin': fileOf() };
    const plan = planOf(
      resultOf('x', { ...common, '/one': fileOf() }),
      resultOf('y', { ...common, '/two': fileOf() }),
      resultOf('y', { '/lib': fileOf() }),
    );
    expect(pathsOf(plan)).toEqual([['/lib'], ['/bin']]);
    expect([...plan.layers().sources]).toEqual([
      ['x', [0, 1]],
      ['y', [0, 1]],
    ]);
    expect(plan.sums(plan.layers())).toEqual({ results: 3, sizeBytes: 7 * BIG, sharedBytes: 4 * BIG });
  });

  it.each<[string, Partial<Entry>]>([
    ['content', { sha256: 'b' }],
    ['mode', { mode: 0o755 }],
    ['owner', { uid: 1 }],
    ['time', { mtimeSeconds: 2 }],
  ])('but not with another %s', (_, further) => {
    expect(
      pathsOf(planOf(resultOf('x', { '/a': fileOf() }), resultOf('y', { '/a': fileOf(further) }))),
    ).toEqual([]);
  });

  it.each<[string, Partial<Entry>]>([
    ['nobody knows the content of', { sha256: undefined }],
    ['is no file', { type: 'symlink' }],
    ['is not kept', { isKept: false }],
    ['is kept as an empty one', { isStub: true }],
    ['is not worth a layer', { sizeBytes: 100 }],
  ])('but not what %s', (_, further) => {
    const files = { '/a': fileOf(further) };
    expect(pathsOf(planOf(resultOf('x', files), resultOf('x', files)))).toEqual([]);
  });

  it('but not what keepset wrote', () => {
    const result = resultOf('x', { '/a': fileOf() }, ['/a']);
    expect(pathsOf(planOf(result, result))).toEqual([]);
  });

  it('with all kept names of one file', () => {
    const two = { '/a': fileOf(), '/b': fileOf({ hardLinkTo: '/a' }) };
    expect(pathsOf(planOf(resultOf('x', two), resultOf('x', two)))).toEqual([['/a', '/b']]);
    expect(pathsOf(planOf(resultOf('x', two), resultOf('x', { '/a': fileOf() })))).toEqual([]);
  });
});

it('of any results, each gets what it has and nothing else, and what two have is stored once', () => {
  const anyResult = fc.record({
    source: fc.constantFrom('x', 'y'),
    paths: fc.uniqueArray(
      fc.constantFrom(...'abcdefgh').map((name) => `/${name}`),
      { minLength: 1 },
    ),
  });
  fc.assert(
    fc.property(fc.array(anyResult, { minLength: 1, maxLength: 8 }), (results) => {
      const plan = planOf(
        ...results.map(({ source, paths }) =>
          resultOf(source, Object.fromEntries(paths.map((path) => [path, fileOf()]))),
        ),
      );
      const shared = parseSharedLayers(printSharedLayers(plan.layers()));
      expect(shared).toEqual(plan.layers());
      for (const { source, paths } of results) {
        const chosen = chooseSharedLayers(new Set(paths), source, shared).flatMap((layer) => layer.paths);
        const others = results.filter((each) => each.source !== source || each.paths !== paths);
        expect(new Set(chosen).size).toBe(chosen.length);
        expect(paths).toEqual(expect.arrayContaining(chosen));
        for (const path of paths)
          if (others.some((each) => each.paths.includes(path))) expect(chosen).toContain(path);
      }
    }),
  );
});

it('of a source that no result was of, nothing is shared', () => {
  const result = resultOf('x', { '/a': fileOf() });
  expect(chooseSharedLayers(new Set(['/a']), 'z', planOf(result, result).layers())).toEqual([]);
});

it.each([
  ['no JSON', '{'],
  ['no object', '[]'],
  ['of another version', '{"layersVersion":2,"layers":[],"sources":{}}'],
  ['ambiguous', '{"layersVersion":1,"layers":[],"layers":[],"sources":{}}'],
  ['without paths', '{"layersVersion":1,"layers":[{"name":"a","results":2,"sizeBytes":1}],"sources":{}}'],
  [
    'with a layer of nothing',
    '{"layersVersion":1,"layers":[{"name":"a","results":2,"sizeBytes":1,"paths":[]}],"sources":{}}',
  ],
])('a file that is %s is refused', (_, printed) => {
  expect(() => parseSharedLayers(printed)).toThrow(
    expect.objectContaining({ code: 'MANIFEST_INVALID', hint: expect.stringContaining('fleet layers') }),
  );
});
