import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byteString, hostileString } from '../../test/arbitraries.ts';
import type { Argument } from './argument-tree.js';
import { parseArguments } from './parse-arguments.js';
import { printArgument, printArguments } from './print-arguments.js';

const number = (text: string, value: number | bigint = Number(text)): Argument => ({
  kind: 'number',
  value,
  text,
});
const symbol = (name: string): Argument => ({ kind: 'symbol', name });
const string = (value: string): Argument => ({ kind: 'string', value });
const field = (name: string, value: Argument): Argument => ({ kind: 'field', name: symbol(name), value });
const ellipsis: Argument = { kind: 'ellipsis' };

describe('parseArguments', () => {
  it.each<[string, Argument[]]>([
    ['', []],
    ['3, NULL, 0x10, -1', [number('3'), symbol('NULL'), number('0x10'), number('-1')]],
    ['0644, 022, 00000000', [number('0644', 0o644), number('022', 0o22), number('00000000', 0)]],
    ['0xffffffffffffffff', [number('0xffffffffffffffff', 0xffffffffffffffffn)]],
    ['"a\\n\\303"', [string('a\n\u00c3')]],
    ['"overly long "...', [{ kind: 'string', value: 'overly long ', cut: true }]],
    ['"\\x7f\\x45"', [{ kind: 'string', value: '\u007fE', style: 'hex' }]],
    ['@"net"', [{ kind: 'string', value: 'net', abstract: true }]],
    ['"\\q"', [{ kind: 'string', value: 'q', spelling: '\\q' }]],
    ['"paren)=(1, 2) = 3"', [string('paren)=(1, 2) = 3')]],
    [
      'O_RDWR|O_CREAT',
      [{ kind: 'operation', operands: [symbol('O_RDWR'), symbol('O_CREAT')], operators: ['|'] }],
    ],
    [
      '1<<CAP_CHOWN',
      [{ kind: 'operation', operands: [number('1'), symbol('CAP_CHOWN')], operators: ['<<'] }],
    ],
    ['8192*1024', [{ kind: 'operation', operands: [number('8192'), number('1024')], operators: ['*'] }]],
    [
      'A or B or C',
      [{ kind: 'operation', operands: [symbol('A'), symbol('B'), symbol('C')], operators: [' or ', ' or '] }],
    ],
    [
      '|0x1000',
      [{ kind: 'operation', operands: [{ kind: 'text', text: '' }, number('0x1000')], operators: ['|'] }],
    ],
    ['{st_size=79, ...}', [{ kind: 'struct', items: [field('st_size', number('79')), ellipsis] }]],
    [
      '{fmt.vbi={1, 0}}',
      [{ kind: 'struct', items: [field('fmt.vbi', { kind: 'struct', items: [number('1'), number('0')] })] }],
    ],
    ['[...]', [{ kind: 'array', items: [ellipsis] }]],
    ['[]', [{ kind: 'array', items: [] }]],
    ['[HUP INT]', [{ kind: 'set', items: [symbol('HUP'), symbol('INT')], complement: false }]],
    ['~[RTMIN RT_1]', [{ kind: 'set', items: [symbol('RTMIN'), symbol('RT_1')], complement: true }]],
    ['~[]', [{ kind: 'set', items: [], complement: true }]],
    ['makedev(0x88, 0)', [{ kind: 'call', name: 'makedev', items: [number('0x88'), number('0')] }]],
    ['&sin6_addr', [{ kind: 'unary', operator: '&', operand: symbol('sin6_addr') }]],
    [
      '[110 => 24]',
      [{ kind: 'array', items: [{ kind: 'change', before: number('110'), after: number('24') }] }],
    ],
    [
      '=> {parent_tid=[3]}',
      [
        {
          kind: 'change',
          before: undefined,
          after: { kind: 'struct', items: [field('parent_tid', { kind: 'array', items: [number('3')] })] },
        },
      ],
    ],
    ['0x7f /* 35 vars */', [{ kind: 'commented', value: number('0x7f'), comment: ' /* 35 vars */' }]],
    [
      '0x4 /* 0x4 /* MAP_??? */ */',
      [{ kind: 'commented', value: number('0x4'), comment: ' /* 0x4 /* MAP_??? */ */' }],
    ],
    [
      "2 /* 9 in strace's PID NS */",
      [{ kind: 'commented', value: number('2'), comment: " /* 9 in strace's PID NS */" }],
    ],
    [
      '/* bytes 32..39 */ "x"',
      [{ kind: 'commented', value: string('x'), comment: '/* bytes 32..39 */ ', before: true }],
    ],
    ['3</tmp/a\\74b>', [{ kind: 'annotated', value: number('3'), note: '/tmp/a\\74b' }]],
    ['4</x>(deleted)', [{ kind: 'annotated', value: number('4'), note: '/x', deleted: true }]],
    ['4</x (deleted)>', [{ kind: 'annotated', value: number('4'), note: '/x (deleted)' }]],
    ['0</dev/null<char 1:3>>', [{ kind: 'annotated', value: number('0'), note: '/dev/null<char 1:3>' }]],
    [
      '5<TCP:[127.0.0.1:1->127.0.0.1:2]>',
      [{ kind: 'annotated', value: number('5'), note: 'TCP:[127.0.0.1:1->127.0.0.1:2]' }],
    ],
    ['5<UNIX:[1->2,"a>b"]>', [{ kind: 'annotated', value: number('5'), note: 'UNIX:[1->2,"a>b"]' }]],
    ['3</dir->', [{ kind: 'annotated', value: number('3'), note: '/dir-' }]],
    [
      '"/x" [user_u:object_r:tmp_t:s0]',
      [{ kind: 'annotated', value: string('/x'), context: 'user_u:object_r:tmp_t:s0' }],
    ],
    ['pathname="/x"', [field('pathname', string('/x'))]],
    [
      '<... resuming interrupted nanosleep ...>',
      [{ kind: 'remark', text: '<... resuming interrupted nanosleep ...>' }],
    ],
    ['4, ', [number('4'), { kind: 'text', text: '' }]],
    [
      '[IO_WQ_BOUND]=0',
      [{ kind: 'field', name: { kind: 'array', items: [symbol('IO_WQ_BOUND')] }, value: number('0') }],
    ],
    ['00:11:22:33:44:55', [symbol('00:11:22:33:44:55')]],
    ['25[+] foreign', [{ kind: 'text', text: '25[+] foreign' }]],
  ])('%s', (text, tree) => {
    expect(parseArguments(text)).toEqual(tree);
    expect(printArguments(tree)).toBe(text);
  });

  it.each([
    '{WIFEXITED(s) && WEXITSTATUS(s) == 0}',
    '{B38400 opost isig icanon echo ...}',
    '[{nlmsg_len=20, nlmsg_type=NLMSG_DONE}, [{nla_len=8}, "\\0"]]',
    '[[IO_WQ_BOUND]=0, [2 /* IO_WQ_??? */]=3] => [[IO_WQ_BOUND]=1]',
    '{sa_family=AF_INET6, inet_pton(AF_INET6, "::1", &sin6_addr), sin6_port=htons(53)}',
    '[3<pipe:[302346]>, 4</a, b) = 3>]',
    '... /* 0x7fb771647000 */',
    'PTRACE_EVENT_STOP<<16|SIGTRAP, ~0, !x, 0..5',
    '{msg_control=[{cmsg_len=20, cmsg_type=SCM_RIGHTS, cmsg_data=[4</x>]}]}',
  ])('reads all of %s', (text) => {
    const tree = parseArguments(text);
    expect(printArguments(tree)).toBe(text);
    expect(JSON.stringify(tree)).not.toMatch(/"kind":"text","text":"./);
  });

  it('gives back any text at all', () => {
    fc.assert(
      fc.property(hostileString, (text) => {
        expect(printArguments(parseArguments(text))).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });

  it('reads a deep nest and a long list without running out of stack', () => {
    for (const text of [
      '['.repeat(100_000),
      '{a='.repeat(50_000),
      '~'.repeat(50_000),
      'f('.repeat(50_000),
      '1, '.repeat(100_000),
    ]) {
      expect(printArguments(parseArguments(text))).toBe(text);
    }
  });

  it('reads back every tree that it could have made', () => {
    fc.assert(
      fc.property(fc.array(tree, { maxLength: 5 }), (items) => {
        expect(parseArguments(printArguments(items))).toEqual(items);
      }),
      { numRuns: 1000 },
    );
  });
});

const name = fc.stringMatching(/^[A-Z][A-Z_]{1,8}$/).map(symbol);
const leaf: fc.Arbitrary<Argument> = fc.oneof(
  name,
  fc.integer({ min: -1000, max: 1_000_000 }).map((value) => number(String(value))),
  fc.nat().map((value) => number(`0x${value.toString(16)}`)),
  byteString.map(string),
  fc.constant(ellipsis),
);
const { tree } = fc.letrec<{ tree: Argument; operand: Argument; item: Argument }>((tie) => ({
  operand: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'tree' },
    leaf,
    fc
      .tuple(
        fc.nat(99).map((value) => number(String(value))),
        byteString,
      )
      .map(
        ([value, path]): Argument => ({
          kind: 'annotated',
          value,
          note: `/${printArgument(string(path)).slice(1, -1).replaceAll('<', '\\74').replaceAll('>', '\\76')}`,
        }),
      ),
    fc.array(tie('item'), { maxLength: 4 }).map((items): Argument => ({ kind: 'struct', items })),
    fc.array(tie('item'), { maxLength: 4 }).map((items): Argument => ({ kind: 'array', items })),
    fc
      .array(name, { minLength: 2, maxLength: 4 })
      .map((items): Argument => ({ kind: 'set', items, complement: false })),
    fc
      .array(tie('item'), { maxLength: 3 })
      .map((items): Argument => ({ kind: 'call', name: 'makedev', items })),
  ),
  tree: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'tree' },
    tie('operand'),
    fc.tuple(name, name).map((operands): Argument => ({ kind: 'operation', operands, operators: ['|'] })),
    fc
      .tuple(tie('operand'), tie('operand'))
      .map(([before, after]): Argument => ({ kind: 'change', before, after })),
    fc
      .tuple(tie('operand'), fc.nat(99))
      .map(([value, count]): Argument => ({ kind: 'commented', value, comment: ` /* ${count} vars */` })),
  ),
  item: fc.oneof(
    tie('tree'),
    fc.tuple(fc.constantFrom('st_size', 'flags'), tie('tree')).map(([key, value]) => field(key, value)),
  ),
}));
