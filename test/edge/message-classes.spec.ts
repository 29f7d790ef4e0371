import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { TestApp } from '../support/app';

describe('requests and responses', () => {
  let app: TestApp;
  beforeAll(async () => void (app = await TestApp.start()));
  afterAll(() => app.stop());

  it('have the prototypes of Express from the start, so that Express changes none', async () => {
    const express: { request: object; response: object } = app.nest.getHttpAdapter().getInstance();
    const made: unknown[] = [];
    const server: Server = app.nest.getHttpServer();
    server.prependListener('request', (request: IncomingMessage, response: ServerResponse) =>
      made.push(Object.getPrototypeOf(request), Object.getPrototypeOf(response)),
    );
    await app.call('get', '/health').expect(200);
    expect(made).toHaveLength(2);
    expect(made[0]).toBe(express.request);
    expect(made[1]).toBe(express.response);
  });
});
