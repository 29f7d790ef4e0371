import { Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { IdempotencyKey, Opaque, Public, StreamedBody, type EdgeRequest, type EdgeResponse } from '../edge/principal';
import { AckPages } from './ack-pages.service';

const PAGE = { description: 'A page', schema: { type: 'string' } } as const;

@ApiTags('notifications')
@ApiProduces('text/html')
@Public()
@Opaque()
@Controller('notifications/ack/:token')
export class AckController {
  constructor(private readonly pages: AckPages) {}

  @Get()
  @ApiOperation({
    summary: 'Page of an acknowledgement link',
    description: 'One button, in the language of the browser. It changes nothing. The token is valid for 48 hours.',
  })
  @ApiOkResponse(PAGE)
  @ApiNotFoundResponse({ ...PAGE, description: 'The token is forged or expired' })
  async getAckPage(
    @Param('token') token: string,
    @Req() request: EdgeRequest,
    @Res() response: EdgeResponse,
  ): Promise<void> {
    await this.pages.show(token, request, response);
  }

  @IdempotencyKey('unstored')
  @Post()
  @StreamedBody('every type')
  @ApiOperation({ summary: 'Acknowledge by a link', description: 'What the button of the page sends. Repeatable.' })
  @ApiOkResponse(PAGE)
  @ApiNotFoundResponse({ ...PAGE, description: 'The token is forged or expired' })
  async acknowledgeByLink(
    @Param('token') token: string,
    @Req() request: EdgeRequest,
    @Res() response: EdgeResponse,
  ): Promise<void> {
    await this.pages.acknowledge(token, request, response);
  }
}
