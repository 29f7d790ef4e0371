import { Body, Controller, HttpCode, Post, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Principal } from '@adiuva/kernel';
import { Chat } from '@adiuva/chat';
import { Caller, JsonLimit, RequestId, type EdgeResponse } from '../edge/principal';
import { CHAT_BODY_MAX_BYTES, ChatRequestDto, ChatResponseDto } from './chat.dto';
import { untilGone } from './client-gone';

@ApiTags('chat')
@ApiBearerAuth()
@Controller('chat')
export class ChatController {
  constructor(private readonly chat: Chat) {}

  @Post()
  @HttpCode(200)
  @JsonLimit(CHAT_BODY_MAX_BYTES)
  @ApiOkResponse({ type: ChatResponseDto })
  async send(
    @Caller() caller: Principal,
    @Body() body: ChatRequestDto,
    @RequestId() requestId: string,
    @Res({ passthrough: true }) response: EdgeResponse,
  ): Promise<ChatResponseDto> {
    return ChatResponseDto.of(
      await untilGone(response, this.chat.start(caller, body.toRequest(), requestId)),
      requestId,
    );
  }
}
