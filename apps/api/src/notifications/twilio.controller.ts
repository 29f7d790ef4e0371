import { Controller, createParamDecorator, Header, HttpCode, Post, type ExecutionContext } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiForbiddenResponse,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiTags,
} from '@nestjs/swagger';
import { TwilioCallbacks } from '@adiuva/notifications';
import { readBytes } from '../edge/body/json-body.guard';
import { IdempotencyKey, Opaque, Public, StreamedBody, type EdgeRequest } from '../edge/principal';

const MAX_FORM_BYTES = 64 * 1024;

const SIGNATURE = { name: 'X-Twilio-Signature', required: true, schema: { type: 'string' } } as const;
const FORM = { schema: { type: 'object', description: 'A form of Twilio' } } as const;

interface SignedForm {
  readonly query: string;
  readonly body: string;
  readonly signature: string | undefined;
}

/** The form and the query as they were sent, because the signature covers them. */
const TwilioForm = createParamDecorator(async (_: unknown, context: ExecutionContext): Promise<SignedForm> => {
  const request = context.switchToHttp().getRequest<EdgeRequest>();
  const signature = request.headers['x-twilio-signature'];
  const mark = request.originalUrl.indexOf('?');
  return {
    query: mark < 0 ? '' : request.originalUrl.slice(mark),
    body: (await readBytes(request, MAX_FORM_BYTES)).toString('utf8'),
    signature: typeof signature === 'string' ? signature : undefined,
  };
});

@ApiTags('notifications')
@ApiConsumes('application/x-www-form-urlencoded')
@ApiProduces('text/xml')
@ApiOkResponse({ description: 'TwiML, or nothing', schema: { type: 'string' } })
@ApiForbiddenResponse({ description: 'invalid_signature: the request is not of Twilio and has no effect' })
@Public()
@Opaque()
@StreamedBody('every type')
@Controller('webhooks/twilio')
export class TwilioController {
  constructor(private readonly callbacks: TwilioCallbacks) {}

  @IdempotencyKey('unstored')
  @Post('status')
  @HttpCode(200)
  @ApiHeader(SIGNATURE)
  @ApiBody(FORM)
  @Header('Content-Type', 'text/xml; charset=utf-8')
  @ApiOperation({ summary: 'Status of a message or call', description: 'Repeated and late ones change nothing.' })
  receiveTwilioStatus(@TwilioForm() form: SignedForm): Promise<string> {
    return this.callbacks.receive({ path: 'status', ...form });
  }

  @IdempotencyKey('unstored')
  @Post('voice')
  @HttpCode(200)
  @ApiHeader(SIGNATURE)
  @ApiBody(FORM)
  @Header('Content-Type', 'text/xml; charset=utf-8')
  @ApiOperation({
    summary: 'A call was answered',
    description: 'Asks for one digit: 1 acknowledges, 2 snoozes for 10 minutes. A machine is hung up on.',
  })
  receiveTwilioVoice(@TwilioForm() form: SignedForm): Promise<string> {
    return this.callbacks.receive({ path: 'voice', ...form });
  }

  @IdempotencyKey('unstored')
  @Post('whatsapp')
  @HttpCode(200)
  @ApiHeader(SIGNATURE)
  @ApiBody(FORM)
  @Header('Content-Type', 'text/xml; charset=utf-8')
  @ApiOperation({ summary: 'A reply by WhatsApp', description: '`1`, `ok` and `done` acknowledge.' })
  receiveTwilioWhatsapp(@TwilioForm() form: SignedForm): Promise<string> {
    return this.callbacks.receive({ path: 'whatsapp', ...form });
  }
}
