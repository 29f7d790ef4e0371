import { Injectable } from '@nestjs/common';
import type { Tx } from '@adiuva/platform';
import { KeyedCipher } from '../keys/keyed-cipher';
import { openOutput, sealJson, stepColumn, type RunCipher } from '../run-cipher';
import { combineOutputs } from '../run';
import { RunsConfig } from '../runs.config';
import { sealResult, type DeviceKey } from './sealed-result';

const STEPS = 'SELECT node, dependents, output FROM run_steps WHERE run_id = $1 AND user_id = $2 ORDER BY node';
const DEVICES = 'SELECT id, public_key AS "publicKey" FROM devices WHERE user_id = $1 ORDER BY id';
const COMPLETE = 'SELECT runs_complete($1, $2, $3, $4::uuid[], $5)';

/** Ends a run whose last step has ended, in the transaction of that step. */
@Injectable()
export class RunCompletion {
  constructor(private readonly config: RunsConfig) {}

  /** Seals the result to the user's devices and drops what the server could read; without devices it stays sealed for the server. */
  async complete(tx: Tx, cipher: RunCipher, owner: { userId: string; runId: string }): Promise<void> {
    const { userId, runId } = owner;
    const rows = await tx.query<{ node: number; dependents: number[]; output: Buffer | null }[]>(STEPS, [
      runId,
      userId,
    ]);
    const output = combineOutputs(
      rows.map((row) => ({
        dependents: row.dependents,
        output: openOutput(cipher, stepColumn('output', runId, row.node), row.output),
      })),
    );
    const devices = await tx.query<DeviceKey[]>(DEVICES, [userId]);
    const sealed = sealResult(owner, output, devices, cipher instanceof KeyedCipher ? cipher.key : undefined);
    const stored = sealed ? Buffer.from(JSON.stringify(sealed)) : sealJson(cipher, `runs.output|${runId}`, output);
    // A notification was made in the transaction of its step; the app has nothing to carry out.
    const pending = output.actions.filter(({ data }) => data?.['notification_id'] === undefined);
    const actions = pending.map(({ id }) => id);
    await tx.query(COMPLETE, [runId, stored, sealed !== undefined, actions, this.config.RUNS_PER_USER]);
  }
}
