import { Body, Controller, HttpCode, Post, Req, StreamableFile } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiOkResponse,
  ApiOperation,
  ApiPaymentRequiredResponse,
  ApiProduces,
  ApiTags,
} from '@nestjs/swagger';
import type { Principal } from '@adiuva/kernel';
import { Media } from '@adiuva/llm';
import { ClientAbortSignal } from '../edge/http/client-abort';
import { Caller, IdempotencyKey, JsonLimit, Opaque, StreamedBody, type EdgeRequest } from '../edge/principal';
import { ImageRequestDto, ImagesDto, SpeechRequestDto, TranscriptionDto, TranscriptionRequestDto } from './ai.dto';
import { Transcriptions } from './transcriptions.service';

const BODY_MAX_BYTES = 128 * 1024;

// No prompt of ours is sent with these, so there is nothing to leak.
@ApiTags('ai')
@ApiPaymentRequiredResponse({ description: 'quota_exceeded for the tokens of the month' })
@Opaque()
@Controller('ai')
export class AiController {
  constructor(
    private readonly media: Media,
    private readonly transcriptions: Transcriptions,
  ) {}

  @IdempotencyKey('unstored')
  @Post('images')
  @HttpCode(200)
  @JsonLimit(BODY_MAX_BYTES)
  @ApiOkResponse({ type: ImagesDto })
  @ApiOperation({
    summary: 'Make an image',
    description:
      'Counts against the tokens of the month; nothing is stored. 501 `not_configured` names a missing setting.',
  })
  async generateImage(
    @Caller() caller: Principal,
    @Body() { prompt, size = '1024x1024' }: ImageRequestDto,
    @ClientAbortSignal() signal: AbortSignal,
  ): Promise<ImagesDto> {
    return ImagesDto.of(await this.media.images(caller, prompt, size, signal));
  }

  @IdempotencyKey('unstored')
  @Post('speech')
  @HttpCode(200)
  @JsonLimit(BODY_MAX_BYTES)
  @ApiProduces('audio/mpeg')
  @ApiOkResponse({
    description: 'The audio in the wanted format, streamed as it is made',
    content: { 'audio/mpeg': { schema: { type: 'string', format: 'binary' } } },
  })
  @ApiOperation({
    summary: 'Speak a text',
    description:
      'Counts against the tokens of the month; nothing is stored. 501 `not_configured` names a missing setting.',
  })
  async synthesizeSpeech(
    @Caller() caller: Principal,
    @Body() { text, voice = 'alloy', format = 'mp3' }: SpeechRequestDto,
    @ClientAbortSignal() signal: AbortSignal,
  ): Promise<StreamableFile> {
    const { audio, contentType } = await this.media.speech(caller, { text, voice, format }, signal);
    return new StreamableFile(audio, { type: contentType });
  }

  @IdempotencyKey('unstored')
  @Post('transcriptions')
  @HttpCode(200)
  @StreamedBody()
  @ApiConsumes('multipart/form-data')
  @ApiBody({ type: TranscriptionRequestDto })
  @ApiOkResponse({ type: TranscriptionDto })
  @ApiOperation({
    summary: 'Transcribe speech',
    description:
      'One audio file of at most 25 MiB as the part `file`. Counts against the tokens of the month; nothing is stored. 501 `not_configured` names a missing setting.',
  })
  async transcribeSpeech(
    @Caller() caller: Principal,
    @Req() request: EdgeRequest,
    @ClientAbortSignal() signal: AbortSignal,
  ): Promise<TranscriptionDto> {
    return { text: await this.transcriptions.transcribe(caller, request, signal) };
  }
}
