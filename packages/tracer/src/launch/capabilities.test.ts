import fc from 'fast-check';
import { expect, it } from 'vitest';
import { planCapabilities } from './capabilities.js';

const THREE = ['SETUID', 'SETGID', 'SETPCAP'];

it.each([
  ['nothing asked for', [], [], ['SYS_PTRACE'], [], ['SYS_PTRACE']],
  ['SYS_PTRACE granted', ['SYS_PTRACE'], [], ['SYS_PTRACE'], [], []],
  ['SYS_PTRACE granted in other words', ['cap_sys_ptrace'], [], ['cap_sys_ptrace'], [], []],
  ['all granted', ['ALL'], [], ['ALL'], [], []],
  ['all dropped', [], ['ALL'], ['SYS_PTRACE', ...THREE], ['ALL'], ['SYS_PTRACE', ...THREE]],
  [
    'all dropped, one given back',
    ['SETUID'],
    ['all'],
    ['SETUID', 'SYS_PTRACE', 'SETGID', 'SETPCAP'],
    ['all'],
    ['SYS_PTRACE', 'SETGID', 'SETPCAP'],
  ],
  [
    'one dropped that tracing needs',
    [],
    ['CAP_SETUID'],
    ['SYS_PTRACE', 'SETUID'],
    [],
    ['SYS_PTRACE', 'SETUID'],
  ],
  ['one dropped that it does not need', [], ['CHOWN'], ['SYS_PTRACE'], ['CHOWN'], ['SYS_PTRACE']],
  ['SYS_PTRACE dropped', [], ['SYS_PTRACE'], ['SYS_PTRACE'], [], ['SYS_PTRACE']],
  ['all granted but one', ['ALL'], ['SETGID'], ['ALL', 'SETGID'], [], ['SETGID']],
])('%s', (_, capAdd, capDrop, add, drop, fromProgram) => {
  expect(planCapabilities(capAdd, capDrop)).toEqual({
    capAdd: add,
    capDrop: drop,
    dropFromBounding: fromProgram,
  });
});

it('grants what tracing needs, and takes from the program just what the caller did not grant', () => {
  const names = fc.subarray(['SYS_PTRACE', 'SETUID', 'SETGID', 'SETPCAP', 'CHOWN', 'ALL']);
  fc.assert(
    fc.property(names, names, (capAdd, capDrop) => {
      const plan = planCapabilities(capAdd, capDrop);
      for (const name of ['SYS_PTRACE', ...THREE]) {
        const byDefault = name !== 'SYS_PTRACE' && !capDrop.includes('ALL');
        expect(plan.capDrop).not.toContain(name);
        expect(plan.capAdd.includes(name) || plan.capAdd.includes('ALL') || byDefault).toBe(true);
        if (plan.dropFromBounding.includes(name)) expect(plan.capAdd).toContain(name);
      }
      expect(plan.dropFromBounding).not.toContain('CHOWN');
    }),
  );
});
