import { join } from 'node:path';
import { PROOF_NAME, type RecordingProof } from './recording-proof.js';
import { writeWholeJson } from './write-whole.js';

/**
 * Write down what a proof said, at once, in place of an earlier one.
 *
 * @param folder  of the recording
 */
export async function writeProof(folder: string, proof: RecordingProof): Promise<void> {
  await writeWholeJson(join(folder, PROOF_NAME), proof);
}
