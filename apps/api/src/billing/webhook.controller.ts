import { Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { StripeWebhooks } from '@adiuva/billing';
import { Public } from '../edge/principal';
import { DoneDto } from './billing.dto';

/** Reached by `serveWebhook`, around what stands before other controllers. */
@ApiTags('billing')
@Controller('billing/webhook')
export class WebhookController {
  constructor(private readonly webhooks: StripeWebhooks) {}

  @Public()
  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary: "Takes Stripe's events",
    description:
      'The signature is checked over the bytes as they came: 400 `invalid_signature` for a forged, altered, re-serialised or old (300 s) body. Each event has its effect once, in any order; repeats and unknown types are 200 too. 503 while the database is down, so that Stripe comes again. At most 1 MiB.',
  })
  @ApiHeader({ name: 'Stripe-Signature', required: true, schema: { type: 'string' } })
  @ApiBody({ schema: { type: 'object', description: 'A Stripe event' } })
  @ApiOkResponse({ type: DoneDto })
  async receive(body: Buffer, signature: string | undefined): Promise<DoneDto> {
    await this.webhooks.receive(body, signature);
    return { ok: true };
  }
}
