import { createParser } from 'eventsource-parser';

/** Characters; models give answers in events that are far shorter. */
const MAX_EVENT = 1_048_576;
/** Characters of a body that is no stream. */
const MAX_ERROR = 65_536;

/** Takes one message of a stream: the data of a server-sent event with its name, or a line of JSON. */
export type OnMessage = (data: string, event?: string) => void;

/** Cuts the text of a stream into messages as it arrives. Throws where one is too long. */
export interface Framing {
  write(text: string): void;
  /** A last message whose end is missing is read too: some servers forget it. */
  end(): void;
}

/** A body that is no stream: a page, or JSON such as an error. */
export class NotAStreamError extends Error {
  constructor(readonly body: string) {
    super('the provider answered without a stream');
  }
}

/** Server-sent events (WHATWG HTML, "Interpreting an event stream"). */
export function eventFraming(onMessage: OnMessage): Framing {
  const parser = createParser({
    onEvent: ({ data, event }) => {
      for (const message of messagesIn(data)) onMessage(message, event);
    },
    onError: (error) => {
      if (error.type === 'max-buffer-size-exceeded') throw error;
      // llama.cpp writes a failure as a field of its own, others without any.
      if (error.field === 'error') onMessage(error.value ?? '', 'error');
      else if (error.line?.startsWith('{"error"')) onMessage(error.line, 'error');
    },
    maxBufferSize: MAX_EVENT,
  });
  return notStarted({ write: (text) => parser.feed(text), end: () => parser.feed('\n\n') });
}

/** By its first character: servers send pages and JSON as event streams, and streams as JSON or pages. */
function notStarted(framing: Framing): Framing {
  let beginning: string | undefined = '';
  return {
    write(text) {
      if (beginning === undefined) return framing.write(text);
      beginning += text;
      const first = beginning.trimStart().charAt(0);
      if (first === '') beginning = '';
      if (first === '' || (/[<{[]/.test(first) && !isWhole(beginning))) return;
      const body = beginning;
      beginning = undefined;
      if (/[<{[]/.test(first)) throw new NotAStreamError(body);
      framing.write(body);
    },
    end() {
      if (beginning !== undefined && beginning.trim() !== '') throw new NotAStreamError(beginning);
      framing.end();
    },
  };
}

/** A page, however much of it has arrived, JSON with its end, or more than an error needs. */
function isWhole(body: string): boolean {
  if (body.trimStart().startsWith('<') || body.length > MAX_ERROR) return true;
  return /[}\]]\s{0,8}$/.test(body.slice(-9)) && isJson(body);
}

/** Some servers forget the blank line between two events. */
function messagesIn(data: string): readonly string[] {
  if (data.trim() === '') return [];
  if (!data.includes('\n')) return [data];
  const lines = data.split('\n').filter((line) => line.trim() !== '');
  if (isJson(data) || !lines.every((line) => isJson(line) || line.startsWith('[DONE]'))) return [data];
  return lines;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** One JSON value a line; a gateway may have made events of them. */
export function lineFraming(onMessage: OnMessage): Framing {
  let rest = '';
  const read = (line: string): void => {
    const message = line.replace(/^data:/, '').trim();
    if (message !== '' && message !== '[DONE]') onMessage(message);
  };
  return {
    write(text) {
      const lines = (rest + text).split(/\r\n|\n|\r/);
      rest = lines.pop() ?? '';
      if (rest.length > MAX_EVENT) throw new Error('a line of the provider is too long');
      lines.forEach(read);
    },
    end: () => read(rest),
  };
}
