import { Controller, createParamDecorator, HttpCode, Post, type ExecutionContext } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { StripeWebhooks } from '@adiuva/billing';
import { readBytes } from '../edge/body/json-body.guard';
import { OkDto } from '../edge/ok.dto';
import { IdempotencyKey, Public, StreamedBody, type EdgeRequest } from '../edge/principal';

/** Stripe's own events are smaller by far. */
const MAX_EVENT_BYTES = 1024 * 1024;

interface SignedBody {
  readonly bytes: Buffer;
  readonly signature: string | undefined;
}

/** The body as it was sent, because the signature covers its bytes. */
const StripeBody = createParamDecorator(async (_: unknown, context: ExecutionContext): Promise<SignedBody> => {
  const request = context.switchToHttp().getRequest<EdgeRequest>();
  const signature = request.headers['stripe-signature'];
  return {
    bytes: await readBytes(request, MAX_EVENT_BYTES),
    signature: typeof signature === 'string' ? signature : undefined,
  };
});

@ApiTags('billing')
@Controller('billing/webhook')
export class WebhookController {
  constructor(private readonly webhooks: StripeWebhooks) {}

  @Public()
  @IdempotencyKey('unstored')
  @Post()
  @HttpCode(200)
  @StreamedBody('every type')
  @ApiOperation({
    summary: 'Receive a Stripe event',
    description:
      'The signature is verified over the bytes as they were sent: 400 `invalid_signature` for a forged, altered, re-serialised or old (300 s) body. Each event has its effect once, in any order; repeats and unknown types are 200 too. 422 `unprocessable` for a thin event: the endpoint must send snapshot payloads. 503 while the database is down, so that Stripe repeats the event. At most 1 MiB.',
  })
  @ApiHeader({ name: 'Stripe-Signature', required: true, schema: { type: 'string' } })
  @ApiBody({ schema: { type: 'object', description: 'A Stripe event' } })
  @ApiOkResponse({ type: OkDto })
  async receiveStripeEvent(@StripeBody() { bytes, signature }: SignedBody): Promise<OkDto> {
    await this.webhooks.receive(bytes, signature);
    return { ok: true };
  }
}
