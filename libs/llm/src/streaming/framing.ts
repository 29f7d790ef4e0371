import { createParser } from 'eventsource-parser';

/** Characters; models give answers in events that are far shorter. */
const MAX_EVENT = 1_048_576;

/** Takes one message of a stream: the data of a server-sent event with its name, or a line of JSON. */
export type OnMessage = (data: string, event?: string) => void;

/** Cuts the text of a stream into messages as it arrives. Throws where one is too long. */
export interface Framing {
  write(text: string): void;
  /** A last message whose end is missing is read too: some servers forget it. */
  end(): void;
}

/** Server-sent events (WHATWG HTML, "Interpreting an event stream"). */
export function eventFraming(onMessage: OnMessage): Framing {
  const parser = createParser({
    onEvent: ({ data, event }) => {
      if (data.trim() !== '') onMessage(data, event);
    },
    onError: (error) => {
      if (error.type === 'max-buffer-size-exceeded') throw error;
    },
    maxBufferSize: MAX_EVENT,
  });
  return { write: (text) => parser.feed(text), end: () => parser.feed('\n\n') };
}

/** One JSON value a line. */
export function lineFraming(onMessage: OnMessage): Framing {
  let rest = '';
  const read = (line: string): void => {
    if (line.trim() !== '') onMessage(line);
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
