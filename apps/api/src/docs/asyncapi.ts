import type { OpenAPIObject } from '@nestjs/swagger';
import { escapeUTF8 as escapeHtml } from 'entities';
import { inline, page } from './pages';
import { SOCKET_EVENTS, type SocketEvent } from './socket-events';

const CHANNEL = { $ref: '#/channels/chat' };

/**
 * AsyncAPI 3.0 document of the Socket.IO namespace, from the server's point of view: it receives what clients emit. Payload schemas are those
 * of the OpenAPI document, so each shape is written once. https://www.asyncapi.com/docs/reference/specification/v3.0.0
 */
export function asyncApiDocument(openApi: OpenAPIObject, publicUrl: string) {
  const { host, protocol } = new URL(publicUrl);
  const messages = Object.fromEntries(SOCKET_EVENTS.flatMap(messagesOf));
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Adiuva Cloud events',
      version: openApi.info.version,
      description:
        'Socket.IO 4 events. Connect to the namespace `/api/v1/chat/stream` with `auth: { token }`, an access token. A refused connection is a `connect_error` whose `data` is a problem document.',
    },
    defaultContentType: 'application/json',
    servers: {
      default: {
        host,
        protocol: protocol === 'https:' ? 'wss' : 'ws',
        pathname: '/socket.io/',
        description: 'Socket.IO 4 (Engine.IO 4), websocket first, a ping every 30 s',
        security: [{ $ref: '#/components/securitySchemes/accessToken' }],
      },
    },
    channels: {
      chat: {
        address: '/api/v1/chat/stream',
        title: 'Namespace /api/v1/chat/stream',
        messages: Object.fromEntries(Object.keys(messages).map((name) => [name, messageRef(name)])),
      },
    },
    operations: Object.fromEntries(SOCKET_EVENTS.map(operationOf)),
    components: {
      schemas: referenced(messages, openApi.components?.schemas ?? {}),
      messages,
      securitySchemes: {
        accessToken: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: '`auth.token` of the handshake',
        },
      },
    },
  };
}

/** The same as a page without scripts. */
export function eventsPage(): string {
  const sections = SOCKET_EVENTS.map(
    ({ name, from, summary, description, example, ack }) => `
<h2 id="${name}"><code>${name}</code></h2>
<p>${from === 'client' ? 'Client → server' : 'Server → client'}${ack ? ', acknowledged' : ''}. <strong>${inline(summary)}.</strong> ${inline(description)}</p>
<pre>${escapeHtml(JSON.stringify(example, null, 2))}</pre>`,
  );
  return page(
    'Socket events',
    `<p>Namespace <code>/api/v1/chat/stream</code>; schemas in <a href="/api/asyncapi.json">the AsyncAPI document</a>.</p>${sections.join('')}`,
  );
}

function messagesOf({ name, summary, description, payload, example, ack }: SocketEvent): [string, object][] {
  const message = { name, title: summary, summary: description, payload, examples: [{ payload: example }] };
  const reply = { name: `${name} acknowledgement`, title: `Acknowledgement of ${name}`, payload: ack };
  return [[keyOf(name), message], ...(ack ? [[`${keyOf(name)}Ack`, reply] satisfies [string, object]] : [])];
}

function operationOf({ name, from, summary, description, ack }: SocketEvent): [string, object] {
  const key = keyOf(name);
  const reply = ack ? { reply: { channel: CHANNEL, messages: [channelMessage(`${key}Ack`)] } } : {};
  const action = from === 'client' ? 'receive' : 'send';
  return [key, { action, channel: CHANNEL, summary, description, messages: [channelMessage(key)], ...reply }];
}

/** `chat:tool_call` → `chatToolCall`. */
function keyOf(event: string): string {
  return event.replace(/[:_]([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function messageRef(name: string) {
  return { $ref: `#/components/messages/${name}` };
}

function channelMessage(name: string) {
  return { $ref: `#/channels/chat/messages/${name}` };
}

/** The schemas that `from` refers to, and those that they refer to. */
function referenced(from: unknown, schemas: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  const open: unknown[] = [from];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const [, name = ''] of JSON.stringify(next).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (name in found || !(name in schemas)) continue;
      found[name] = schemas[name];
      open.push(schemas[name]);
    }
  }
  return found;
}
