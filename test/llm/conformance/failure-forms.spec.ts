import { deflateRawSync, gzipSync } from 'node:zlib';
import type { ModelResponse } from '../../support/fakes/models/fake-model-server';
import { answerOf, delta, DONE, event, HELLO, sse, STOP } from './one-answer';

const FAILED = 'upstream_failed';
const BUSY = 'unavailable';
const REFUSED = 'content_refused';
const error = (fields: object): ModelResponse => sse(event({ error: fields }));
const status = (code: number, body: object): ModelResponse => ({ status: code, body: JSON.stringify(body) });
const finished = (reason: string): ModelResponse => sse(HELLO, delta({}, reason), DONE);
const bytes = (encoding: string, body: Buffer): ModelResponse => ({
  type: 'text/event-stream',
  headers: { 'content-encoding': encoding },
  parts: [body],
});
const WHOLE = Buffer.from(HELLO + STOP + DONE);
const HALF = event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hello' } });
const gemini = (finishReason: string): ModelResponse => sse(event({ candidates: [{ finishReason }] }));

describe('a failure in the form of one server', () => {
  it.each<[string, string, ModelResponse, string]>([
    // Before the answer.
    ['serverless_gpu', 'TGI: overloaded', sse(event({ error: 'Model is overloaded', error_type: 'overloaded' })), BUSY],
    ['openai', 'llama.cpp: a field of its own', sse('error: {"code":503,"type":"unavailable_error"}\n\n'), BUSY],
    ['openai', 'JSON without the form of an event', sse('{"error":{"code":429,"type":"rate_limit_error"}}'), BUSY],
    ['openai', 'JSON over several lines', sse('{\n "error": {\n  "code": 503\n }\n}\n'), BUSY],
    [
      'openai',
      'JSON on an open connection',
      { type: 'application/json', parts: ['{"error":{"code":', '503}}'], then: 'stall' },
      BUSY,
    ],
    ['openai', 'a page on an open connection', { type: 'text/html', parts: ['<html>'], then: 'stall' }, FAILED],
    [
      'openai',
      'Groq: a call that failed',
      sse(event({ error: { code: 'tool_use_failed', status_code: 400 } }, 'error')),
      FAILED,
    ],
    ['openai', 'Groq: no capacity', status(498, {}), BUSY],
    ['openai', 'Moonshot: overloaded', error({ type: 'engine_overloaded_error' }), BUSY],
    ['openai', 'Moonshot: too many requests', error({ type: 'rate_limit_reached_error' }), BUSY],
    ['openai', 'DashScope: too many requests', error({ code: 'Throttling.RateQuota' }), BUSY],
    ['openai', 'LiteLLM: too many requests', error({ type: 'RateLimitError', code: null }), BUSY],
    ['openai', 'vLLM: not available', error({ type: 'ServiceUnavailableError' }), BUSY],
    ['openai', 'too many requests', error({ type: 'too_many_requests' }), BUSY],
    ['openai', 'overloaded', error({ code: 'server_overloaded' }), BUSY],
    ['openai', 'busy', error({ code: 'server_busy' }), BUSY],
    [
      'openai',
      'a model that does not exist',
      error({ code: 'model_not_found', type: 'invalid_request_error' }),
      FAILED,
    ],
    ['openai', 'Bedrock: too many requests', status(400, { __type: 'ThrottlingException' }), BUSY],
    [
      'anthropic',
      'Bedrock: too many requests, in the stream',
      sse(event({ throttlingException: { message: 'x' } })),
      BUSY,
    ],
    ['anthropic', 'overloaded, without the type of an error', sse(event({ type: 'overloaded_error' }, 'error')), BUSY],
    ['cloudflare', 'no capacity, with status 200', status(200, { success: false, errors: [{ code: 3040 }] }), BUSY],
    [
      'openai',
      'xAI: refused',
      status(403, { code: 'x', error: 'Content violates usage guidelines. Failed check: A' }),
      REFUSED,
    ],
    ['google', 'refused image', gemini('IMAGE_PROHIBITED_CONTENT'), REFUSED],
    ['openai', 'zstd, which was not asked for', bytes('zstd', Buffer.from('28b52ffd0458', 'hex')), FAILED],
    ['openai', 'deflate without its header', bytes('deflate', deflateRawSync(WHOLE)), FAILED],
    ['openai', 'gzip that is cut', bytes('gzip', gzipSync(WHOLE).subarray(0, 30)), FAILED],
  ])('%s, %s', async (name, _, response, code) => {
    expect(await answerOf(name, response)).toEqual(['', [], code]);
  });

  it.each<[string, string, ModelResponse, string]>([
    ['openai', 'llama.cpp: a field of its own', sse(HELLO, 'error: {"code":500}\n\n', DONE), FAILED],
    ['openai', 'JSON without the form of an event', sse(HELLO, '{"error":{"code":500}}\n\n', DONE), FAILED],
    ['openai', 'LM Studio: an event of text', sse(HELLO, 'event: error\ndata: The model has crashed\n\n'), FAILED],
    ['serverless_gpu', 'TGI', sse(HELLO, event({ error: 'Request failed', error_type: 'generation' })), FAILED],
    [
      'anthropic',
      'Bedrock',
      sse(HALF, event({ modelStreamErrorException: {} }), event({ type: 'message_stop' })),
      FAILED,
    ],
    ['openai', 'a finish reason of Cohere', finished('ERROR_TOXIC'), REFUSED],
    ['openai', 'a finish reason of Bedrock', finished('guardrail_intervened'), REFUSED],
    ['openai', 'a finish reason with a dash', finished('content-filter'), REFUSED],
    ['openai', 'a finish reason that names an error', finished('server_error'), FAILED],
  ])('%s, after a part of the answer: %s', async (name, _, response, code) => {
    expect(await answerOf(name, response)).toEqual(['Hello', [], code]);
  });
});
