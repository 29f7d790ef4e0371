import { Body, Controller, Headers, HttpCode, Post, Res, type StreamableFile } from '@nestjs/common';
import {
  ApiConflictResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiPaymentRequiredResponse,
  ApiProduces,
  ApiTags,
  ApiOperation,
} from '@nestjs/swagger';
import type { Principal } from '@adiuva/kernel';
import { Chat } from '@adiuva/chat';
import { Caller, IdempotencyKey, JsonLimit, Opaque, RequestId, type EdgeResponse, RateGroup } from '../edge/principal';
import { CHAT_ANSWER_SCHEMA, ChatAnswerModels, type ChatAnswer } from './chat-answer.dto';
import { ChatHttp } from './chat-http.service';
import { CHAT_BODY_MAX_BYTES, ChatRequestDto, CONTINUE_BODY_MAX_BYTES, ContinueDto } from './chat.dto';

// Answers are cleaned where they are made, with what the user has said in the whole chat; here only this request is known.
@ApiTags('chat')
@ChatAnswerModels
@ApiProduces('application/json', 'text/event-stream')
@ApiPaymentRequiredResponse({
  description: 'upgrade_required for a locked agent, quota_exceeded for the tokens of the month',
})
@Opaque()
@Controller('chat')
export class ChatController {
  constructor(
    private readonly chat: Chat,
    private readonly http: ChatHttp,
  ) {}

  @IdempotencyKey('computed')
  @RateGroup('compute')
  @Post()
  @HttpCode(200)
  @JsonLimit(CHAT_BODY_MAX_BYTES)
  @ApiOkResponse({
    schema: CHAT_ANSWER_SCHEMA,
    description: 'With `Accept: text/event-stream` the events token, tool_call, done and error',
  })
  @ApiOperation({
    summary: 'Send a message',
    description:
      'Routes the message to agents and returns the response with actions for the app, an execution plan, or tool calls for the client. With `Accept: text/event-stream` the events `token`, `tool_call`, `done` and `error` are streamed.',
  })
  sendChat(
    @Caller() caller: Principal,
    @Body() body: ChatRequestDto,
    @RequestId() requestId: string,
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) response: EdgeResponse,
  ): Promise<ChatAnswer | StreamableFile> {
    return this.http.render({ requestId, accept, response, resumeKey: body.resume_key }, (id) =>
      this.chat.start(caller, body.toRequest('continuation'), id),
    );
  }

  @IdempotencyKey('computed')
  @RateGroup('compute')
  @Post('continue')
  @HttpCode(200)
  @JsonLimit(CONTINUE_BODY_MAX_BYTES)
  @ApiOkResponse({ schema: CHAT_ANSWER_SCHEMA, description: 'The whole answer, from its beginning' })
  @ApiConflictResponse({ description: 'continuation_spent' })
  @ApiNotFoundResponse({ description: 'No continuation of this user, or one that has run out' })
  @ApiOperation({
    summary: 'Continue with tool results',
    description:
      'Continues a chat that stopped with `requires_action`. A continuation is valid for 15 minutes and one answer. ' +
      'Where the answer failed before its first token, or the server died, it may be sent again: `Retry-After` of the 409 says when.',
  })
  continueChat(
    @Caller() caller: Principal,
    @Body() body: ContinueDto,
    @RequestId() requestId: string,
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) response: EdgeResponse,
  ): Promise<ChatAnswer | StreamableFile> {
    return this.http.render({ requestId, accept, response, resumeKey: body.resume_key }, (id) =>
      this.chat.resume(caller, body.continuation, body.toResults(), id),
    );
  }
}
