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
    summary: 'Receive a Stripe event',
    description:
      'For Stripe only. The signature is verified over the raw body; repeats and unknown types change nothing.',
  })
  @ApiHeader({ name: 'Stripe-Signature', required: true, schema: { type: 'string' } })
  @ApiBody({ schema: { type: 'object', description: 'A Stripe event' } })
  @ApiOkResponse({ type: DoneDto })
  async receiveStripeEvent(body: Buffer, signature: string | undefined): Promise<DoneDto> {
    await this.webhooks.receive(body, signature);
    return { ok: true };
  }
}
