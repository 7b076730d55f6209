import { HardeningError } from './hardening-error.js';
import type { CallRight, Rights } from './rights.js';

/** A seccomp profile as the OCI runtime specification has it, which Docker, Podman and Kubernetes read. */
export interface SeccompProfile {
  readonly defaultAction: 'SCMP_ACT_ERRNO';
  readonly architectures: readonly string[];
  readonly syscalls: readonly SeccompRule[];
}

/** Some calls, and what becomes of them. @see OCI runtime specification, "Linux seccomp" */
export interface SeccompRule {
  readonly names: readonly string[];
  readonly action: 'SCMP_ACT_ALLOW' | 'SCMP_ACT_ERRNO';
  readonly errnoRet?: number;
  readonly args?: readonly SeccompArgument[];
}

/** What an argument of a call must be for a rule to hold. @see seccomp_rule_add(3) */
export interface SeccompArgument {
  readonly index: number;
  readonly value: number;
  readonly valueTwo?: number;
  readonly op: 'SCMP_CMP_EQ' | 'SCMP_CMP_MASKED_EQ';
}

/** @see OCI runtime specification, "Linux seccomp", architectures */
const ARCHITECTURES: Readonly<Record<string, string>> = {
  amd64: 'SCMP_ARCH_X86_64',
  arm64: 'SCMP_ARCH_AARCH64',
};

/** Of programs of 32 bits on these. */
const THIRTY_TWO_BIT: Readonly<Record<string, string>> = { amd64: 'SCMP_ARCH_X86', arm64: 'SCMP_ARCH_ARM' };

const ENOSYS = 38;

/**
 * The seccomp profile of rights: what they do not allow is refused (EPERM), or is not there (ENOSYS).
 *
 * @throws HardeningError ARCHITECTURE_UNKNOWN
 * @see https://github.com/opencontainers/runtime-spec/blob/main/config-linux.md#seccomp
 */
export function toSeccompProfile({
  architecture,
  thirtyTwoBit,
  calls,
  absent,
}: Pick<Rights, 'architecture' | 'thirtyTwoBit' | 'calls' | 'absent'>): SeccompProfile {
  const name = Object.hasOwn(ARCHITECTURES, architecture) ? ARCHITECTURES[architecture] : undefined;
  if (name === undefined)
    throw new HardeningError(
      'ARCHITECTURE_UNKNOWN',
      `there is no seccomp profile for ${architecture}, only for ${Object.keys(ARCHITECTURES).join(' and ')}`,
    );
  const also = thirtyTwoBit ? THIRTY_TWO_BIT[architecture] : undefined;
  const plain = calls.filter(({ only }) => only === undefined).map(({ name }) => name);
  return {
    defaultAction: 'SCMP_ACT_ERRNO',
    architectures: [name, ...(also === undefined ? [] : [also])],
    syscalls: [
      { names: plain, action: 'SCMP_ACT_ALLOW' },
      ...calls.flatMap(rulesOf),
      ...(absent.length > 0 ? [{ names: absent, action: 'SCMP_ACT_ERRNO', errnoRet: ENOSYS } as const] : []),
    ],
  };
}

/** A rule for each value: any of them is enough. */
function rulesOf({ name, only }: CallRight): readonly SeccompRule[] {
  if (only === undefined) return [];
  const rule = { names: [name], action: 'SCMP_ACT_ALLOW' } as const;
  if ('without' in only)
    return [{ ...rule, args: [{ index: 0, value: only.without, valueTwo: 0, op: 'SCMP_CMP_MASKED_EQ' }] }];
  return only.oneOf.map((value) => ({ ...rule, args: [{ index: 0, value, op: 'SCMP_CMP_EQ' }] }));
}
