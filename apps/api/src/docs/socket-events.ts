import { NOTIFICATION_STATUSES } from '@adiuva/notifications';
import { getSchemaPath } from '@nestjs/swagger';
import { ExecutionPlanDto } from '../orchestrator/plan.dto';
import { PlanActionDto, ToolCallDto, UsageDto } from '../chat/chat-answer.dto';
import { ChatReferenceDto, ChatResumeDto, ChatSendDto } from '../chat/chat.dto';

type Schema = Readonly<Record<string, unknown>>;

/** One Socket.IO event of the namespace `/api/v1/chat/stream`, as the AsyncAPI document describes it. */
export interface SocketEvent {
  readonly name: string;
  /** `client`: the client emits it and the server receives it. */
  readonly from: 'client' | 'server';
  readonly summary: string;
  readonly description: string;
  readonly payload: Schema;
  readonly example: unknown;
  /** What the acknowledgement callback is called with; absent where there is none. */
  readonly ack?: Schema;
}

const REQUEST_ID = { type: 'string', minLength: 1, maxLength: 128 };
const PROBLEM = { $ref: '#/components/schemas/Problem' };
const ID = 'c0ffee-1';
const RESUME_KEY = 'q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA';
const RUN_ID = { type: 'string', format: 'uuid' };
const RUN = '018f6f8e-7c00-7000-8000-000000000001';
const RUN_STATUSES = ['queued', 'running', 'waiting', 'completed', 'failed', 'cancelled'];

const ref = (model: new () => object): Schema => ({ $ref: getSchemaPath(model) });
const object = (properties: Readonly<Record<string, Schema>>, required = Object.keys(properties)): Schema => ({
  type: 'object',
  required,
  properties,
});
const FAILED = object({ ok: { const: false }, problem: PROBLEM });
const TOOL_RESULT = {
  oneOf: [object({ ok: { const: true }, result: {} }), object({ ok: { const: false }, error: { type: 'string' } })],
};
const ACK = { oneOf: [object({ ok: { const: true }, request_id: REQUEST_ID }), FAILED] };

/** The DTO classes that the events refer to; they become component schemas of the OpenAPI document. */
export const EVENT_MODELS = [
  ChatSendDto,
  ChatReferenceDto,
  ChatResumeDto,
  ToolCallDto,
  PlanActionDto,
  UsageDto,
  ExecutionPlanDto,
];

export const SOCKET_EVENTS: readonly SocketEvent[] = [
  {
    name: 'chat:send',
    from: 'client',
    summary: 'Start a chat',
    description:
      'Several chats may run on one socket; `request_id` tells them apart. With a `resume_key`, a chat can be resumed through every API ' +
      'node; without one, only through the node that executes it.',
    payload: ref(ChatSendDto),
    example: { message: 'remind me to call Anna tomorrow at 17:00', request_id: ID, resume_key: RESUME_KEY },
    ack: ACK,
  },
  {
    name: 'chat:token',
    from: 'server',
    summary: 'A piece of the response',
    description: '`index` counts from 0 without a hole.',
    payload: object({ request_id: REQUEST_ID, index: { type: 'integer', minimum: 0 }, text: { type: 'string' } }),
    example: { request_id: ID, index: 0, text: 'Done: ' },
  },
  {
    name: 'chat:tool_call',
    from: 'server',
    summary: 'Ask the client to run a read tool',
    description: 'Only with `client_tools: true`. The client responds through the acknowledgement.',
    payload: { allOf: [object({ request_id: REQUEST_ID }), ref(ToolCallDto)] },
    example: { request_id: ID, call_id: 'call_1', name: 'list_tasks', arguments: { status: 'todo' } },
    ack: TOOL_RESULT,
  },
  {
    name: 'chat:done',
    from: 'server',
    summary: 'The chat is complete',
    description: '`response` equals the joined tokens. In plan mode `plan` replaces `response` and `actions`.',
    payload: object(
      {
        request_id: REQUEST_ID,
        done: { const: true },
        response: { type: 'string' },
        actions: { type: 'array', items: ref(PlanActionDto) },
        plan: ref(ExecutionPlanDto),
        agent: { type: 'string' },
        usage: ref(UsageDto),
        finish_reason: { type: 'string', enum: ['stop', 'length', 'tool_limit'] },
      },
      ['request_id', 'done', 'agent', 'usage'],
    ),
    example: {
      request_id: ID,
      done: true,
      response: 'Done: the task is created.',
      actions: [{ type: 'create_record', table: 'tasks', data: { title: 'Call Anna' }, agent: 'task_agent' }],
      agent: 'task_agent',
      usage: { input_tokens: 120, output_tokens: 12 },
      finish_reason: 'stop',
    },
  },
  {
    name: 'chat:error',
    from: 'server',
    summary: 'The chat failed',
    description: 'No event of this chat follows.',
    payload: object({ request_id: REQUEST_ID, problem: PROBLEM }),
    example: {
      request_id: ID,
      problem: {
        type: '/docs/problems/upstream_failed',
        title: 'A service that we depend on failed',
        status: 502,
        detail: 'The model ended its answer early',
        instance: '/api/v1/chat/stream',
        code: 'upstream_failed',
        request_id: ID,
      },
    },
  },
  {
    name: 'chat:cancel',
    from: 'client',
    summary: 'Cancel a chat',
    description: 'The connection to the model is closed within 500 ms, whichever node executes the chat.',
    payload: ref(ChatReferenceDto),
    example: { request_id: ID },
    ack: ACK,
  },
  {
    name: 'chat:resume',
    from: 'client',
    summary: 'Continue a chat after a reconnect',
    description:
      'The missed tokens from `next_index` are sent once, then the rest, through whichever node. An ended chat can be resumed for 75 seconds. ' +
      'Where the node that executed it was lost, `chat:error` with `unavailable` ends it.',
    payload: ref(ChatResumeDto),
    example: { request_id: ID, next_index: 4, resume_key: RESUME_KEY },
    ack: ACK,
  },
  {
    name: 'auth:renew',
    from: 'client',
    summary: 'Present a new access token',
    description: 'Of the same session. A socket is closed 30 seconds after its token expires.',
    payload: object({ token: { type: 'string' } }),
    example: { token: 'eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl' },
    ack: { oneOf: [object({ ok: { const: true } }), FAILED] },
  },
  {
    name: 'storage:changed',
    from: 'server',
    summary: 'Another device of the user has written',
    description: 'Read `GET /storage/changes` from the stored cursor. `table` is null after a batch.',
    payload: object({ cursor: { type: 'string' }, table: { type: ['string', 'null'] } }),
    example: { cursor: 'MTAuMQ', table: 'notes' },
  },
  {
    name: 'run:status',
    from: 'server',
    summary: 'A run has changed its status',
    description: 'For every device of the owner.',
    payload: object({ run_id: RUN_ID, status: { type: 'string', enum: [...RUN_STATUSES] } }),
    example: { run_id: RUN, status: 'running' },
  },
  {
    name: 'notification:status',
    from: 'server',
    summary: 'A notification has another status',
    description:
      'Sent to every socket of the user when a notification is made, acknowledged or snoozed. The rest is read by HTTP.',
    payload: object({ notification_id: RUN_ID, status: { enum: [...NOTIFICATION_STATUSES] } }),
    example: { notification_id: RUN, status: 'acknowledged' },
  },
  {
    name: 'run:output',
    from: 'server',
    summary: 'The result of a run is available',
    description: 'Read it with `GET /runs/:id/output`.',
    payload: object({ run_id: RUN_ID }),
    example: { run_id: RUN },
  },
  {
    name: 'run:tool_call',
    from: 'server',
    summary: 'Ask a device to run a read tool for a run',
    description:
      'The device responds through the acknowledgement, as for `chat:tool_call`. Without a device the run waits.',
    payload: { allOf: [object({ run_id: RUN_ID }), ref(ToolCallDto)] },
    example: { run_id: RUN, call_id: 'call_1', name: 'list_tasks', arguments: { status: 'todo' } },
    ack: TOOL_RESULT,
  },
];
