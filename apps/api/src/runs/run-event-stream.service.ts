import { Readable } from 'node:stream';
import { Injectable, StreamableFile } from '@nestjs/common';
import type { Principal } from '@adiuva/kernel';
import { RunEvents, Runs, type RunEvent } from '@adiuva/runs';
import { RunOutputDto } from './run-output.dto';
import { clientAbortSignal } from '../edge/http/client-abort';
import type { EdgeResponse } from '../edge/principal';

const COMMENT = ': \n\n';
const LAST_EVENT_ID = /^\d{1,9}$/;

/** A run, and for one of a DAG the nodes of its steps by their ids. */
export interface FollowedRun {
  readonly runId: string;
  readonly nodes?: ReadonlyMap<string, string>;
}

/** The events of a run as server-sent events. Content is in `output` alone. */
@Injectable()
export class RunEventStream {
  constructor(
    private readonly runs: Runs,
    private readonly events: RunEvents,
  ) {}

  /** Ends after the final status. Throws `not_found` before the stream starts. */
  async open(
    owner: Principal,
    run: FollowedRun,
    lastEventId: string | undefined,
    response: EdgeResponse,
  ): Promise<StreamableFile> {
    await this.events.assertExists(owner, run.runId);
    const gone = clientAbortSignal(response);
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('X-Accel-Buffering', 'no');
    const after = LAST_EVENT_ID.test(lastEventId ?? '') ? Number(lastEventId) : 0;
    const frames = Readable.from(this.frames(owner, run, after, gone), {
      encoding: 'utf8',
      objectMode: false,
    });
    return new StreamableFile(frames, { type: 'text/event-stream; charset=utf-8' });
  }

  private async *frames(
    owner: Principal,
    { runId, nodes }: FollowedRun,
    after: number,
    signal: AbortSignal,
  ): AsyncGenerator<string> {
    yield COMMENT;
    for await (const batch of this.events.follow(owner, runId, after, signal)) {
      if (batch.length === 0) yield COMMENT;
      for (const event of batch) {
        const node = event.stepId === null ? undefined : nodes?.get(event.stepId);
        const data = {
          run_id: runId,
          ...(node === undefined ? {} : { node }),
          ...(await this.data(owner, runId, event)),
        };
        yield `id: ${event.seq}\nevent: ${event.kind}\ndata: ${JSON.stringify(data)}\n\n`;
      }
    }
  }

  private async data(owner: Principal, runId: string, { kind, stepId, detail, at }: RunEvent): Promise<object> {
    const step = { step_id: stepId, at: at.getTime() };
    switch (kind) {
      case 'run.status':
        return { status: detail, at: at.getTime() };
      case 'step.started':
        return { ...step, attempt: Number(detail) };
      case 'step.completed':
        return { ...step, status: detail };
      case 'step.failed':
        return { ...step, code: detail };
      case 'progress':
        return { progress: Number(detail), at: at.getTime() };
      case 'output':
        return RunOutputDto.of(await this.runs.output(owner, runId));
    }
  }
}
