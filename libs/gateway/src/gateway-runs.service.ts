import { Injectable } from '@nestjs/common';
import type { Principal } from '@adiuva/kernel';
import { Audit } from '@adiuva/audit';
import { UserEncryption } from '@adiuva/auth';
import { Database, type Tx } from '@adiuva/platform';
import { RunStarter } from '@adiuva/runs';
import type { GatewayStep } from './gateway-step';

/** Runs of tool calls; each call is an event of the audit log. */
@Injectable()
export class GatewayRuns {
  constructor(
    private readonly database: Database,
    private readonly encryption: UserEncryption,
    private readonly starter: RunStarter,
    private readonly audit: Audit,
  ) {}

  async start(caller: Principal, step: GatewayStep): Promise<string> {
    const cipher = await this.encryption.open(caller.userId);
    return this.database.transaction(async (tx) => {
      const started = await this.starter.start(tx, caller, cipher, {
        kind: 'gateway',
        trigger: 'api',
        input: null,
        steps: [{ name: step.tool, kind: 'tool', dependsOn: [], body: step }],
      });
      if (started === undefined) throw new Error('a run without a slot is always made');
      await this.record(tx, caller, step.tool, started);
      return started;
    });
  }

  /** A call that needs no run. */
  recordCall(caller: Principal, tool: string): Promise<void> {
    return this.database.transaction((tx) => this.record(tx, caller, tool, null));
  }

  private record(tx: Tx, { userId, sessionId }: Principal, tool: string, runId: string | null): Promise<void> {
    return this.audit.recordOwn(tx, userId, 'gateway.tool_called', { tool, run_id: runId, session_id: sessionId });
  }
}
