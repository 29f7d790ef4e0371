import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction } from 'express';
import { readBytes } from '../edge/body/json-body.guard';
import type { EdgeRequest, EdgeResponse } from '../edge/principal';
import { RateLimitGuard } from '../edge/limits/rate-limit.guard';
import { WebhookController } from './webhook.controller';

/** Express, as far as this needs it. */
interface Posts {
  post(path: string, handler: (request: EdgeRequest, response: EdgeResponse, next: NextFunction) => void): void;
}

/** Stripe's own events are smaller by far. */
const MAX_EVENT_BYTES = 1024 * 1024;

/**
 * The straight way to the webhook, past the guards and interceptors, which have nothing to do for it and cost as much as the event: it asks
 * for no token, counts against nobody, is signed byte by byte and answers the same every time. Mounted behind the middlewares that every
 * request passes; what fails goes where every failure goes.
 */
export function serveWebhook(app: NestExpressApplication): void {
  const [webhook, limits] = [app.get(WebhookController), app.get(RateLimitGuard)];
  const answer = async (request: EdgeRequest, response: EdgeResponse): Promise<void> => {
    await limits.describeUncounted(request, response);
    const signature = request.headers['stripe-signature'];
    const bytes = await readBytes(request, MAX_EVENT_BYTES);
    const done = await webhook.receiveStripeEvent(bytes, typeof signature === 'string' ? signature : undefined);
    response.setHeader('Content-Type', 'application/json; charset=utf-8').end(JSON.stringify(done));
  };
  const express: Posts = app.getHttpAdapter().getInstance();
  express.post('/api/v1/billing/webhook', (request, response, next) => {
    answer(request, response).catch(next);
  });
}
