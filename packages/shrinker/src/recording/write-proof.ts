import { join } from 'node:path';
import { PROOF_NAME, type RecordingProof } from './recording-proof.js';
import { writeWholeJson } from './write-whole.js';

/**
 * Write down what a proof said, at once, in place of an earlier one.
 *
 * @param folder  of the recording
 * @example
 * const exitStatus = { recorded: 0, now: 0 };
 * const proof = { proofVersion: 1, tool: { name: 'keepset', version: '1' }, holds: true, exitStatus };
 * const rest = { samples: 1, containers: [], files: [], comparedFiles: 0 };
 * await writeProof('/tmp/recording', { ...proof, ...rest });
 * JSON.parse(readFileSync('/tmp/recording/proof.json', 'utf8')).holds // true
 */
export async function writeProof(folder: string, proof: RecordingProof): Promise<void> {
  await writeWholeJson(join(folder, PROOF_NAME), proof);
}
