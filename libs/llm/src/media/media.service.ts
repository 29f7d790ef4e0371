import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Problem, type Principal } from '@adiuva/kernel';
import { Log } from '@adiuva/platform';
import { TokenBudget } from '../budget/token-budget.service';
import { LlmConfig } from '../llm.config';
import { OPENAI_URL } from '../providers/openai';
import { timeoutError, toProviderError } from '../streaming/provider-error';
import {
  OpenAiMedia,
  type AudioUpload,
  type GeneratedImage,
  type Speech,
  type TokensUsed,
} from './openai-media.adapter';

export type { AudioUpload, GeneratedImage, Speech } from './openai-media.adapter';

const BYTES_PER_TOKEN = 4;
/** The largest image of the documented sizes in high quality. */
const IMAGE_TOKENS = 6_240;
/** Audio has about five tokens for each token of its text. */
const AUDIO_TOKENS_PER_TOKEN = 5;
/** Of compressed speech at the lowest usual rate. */
const AUDIO_BYTES_PER_TOKEN = 800;
const TRANSCRIPT_TOKENS = 2_048;

/**
 * Images, speech and transcriptions, by the OpenAI protocol. Each is off by default, is paid from the caller's month of tokens, and leaves
 * nothing here. Throws `not_configured` with the setting that is missing, `quota_exceeded`, `content_refused`, and the failures of providers.
 */
@Injectable()
export class Media implements OnApplicationShutdown {
  private readonly provider: OpenAiMedia;

  constructor(
    private readonly config: LlmConfig,
    private readonly budget: TokenBudget,
    private readonly log: Log,
  ) {
    const { OPENAI_API_KEY: key, OPENAI_BASE_URL: url } = config.values;
    this.provider = new OpenAiMedia(text(url) ?? OPENAI_URL, text(key) ?? '', config.LLM_CONNECT_TIMEOUT_MS);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.provider.close();
  }

  async images(
    caller: Principal,
    prompt: string,
    size: string,
    signal: AbortSignal,
  ): Promise<readonly GeneratedImage[]> {
    this.assertConfigured('AI_IMAGE_ENABLED');
    const tokens = IMAGE_TOKENS + tokensOf(prompt);
    const model = this.config.AI_IMAGE_MODEL;
    const { images } = await this.charged(caller, tokens, signal, (limited) =>
      this.provider.images({ model, prompt, size }, limited),
    );
    return images;
  }

  /** Resolves when the audio begins; it streams from there. */
  async speech(
    caller: Principal,
    request: { readonly text: string; readonly voice: string; readonly format: string },
    signal: AbortSignal,
  ): Promise<Speech> {
    this.assertConfigured('AI_AUDIO_ENABLED');
    const { text: input, voice, format } = request;
    const tokens = tokensOf(input) * (1 + AUDIO_TOKENS_PER_TOKEN);
    const model = this.config.AI_SPEECH_MODEL;
    const { speech } = await this.charged(caller, tokens, signal, async (limited) => ({
      speech: await this.provider.speech({ model, input, voice, response_format: format }, limited),
      tokens: undefined,
    }));
    return speech;
  }

  /** The audio passes through as it arrives; `maxBytes` bounds what it may cost. */
  async transcribe(caller: Principal, audio: AudioUpload, maxBytes: number, signal: AbortSignal): Promise<string> {
    this.assertConfigured('AI_AUDIO_ENABLED');
    const tokens = Math.ceil(maxBytes / AUDIO_BYTES_PER_TOKEN) + TRANSCRIPT_TOKENS;
    const model = this.config.AI_TRANSCRIPTION_MODEL;
    const { text: transcript } = await this.charged(caller, tokens, signal, (limited) =>
      this.provider.transcribe(model, audio, limited),
    );
    return transcript;
  }

  /** Throws `not_configured` where the feature is off or has no key. */
  assertConfigured(setting: 'AI_IMAGE_ENABLED' | 'AI_AUDIO_ENABLED'): void {
    const missing = !this.config[setting]
      ? setting
      : text(this.config.values['OPENAI_API_KEY']) === undefined
        ? 'OPENAI_API_KEY'
        : '';
    if (missing !== '') throw new Problem('not_configured', { detail: `This needs the setting ${missing}` });
  }

  private async charged<T extends { readonly tokens: TokensUsed }>(
    caller: Principal,
    tokens: number,
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const reservation = await this.budget.reserve(caller, tokens);
    const limit = AbortSignal.timeout(this.config.LLM_TOTAL_TIMEOUT_MS);
    let used = 0;
    try {
      const result = await work(AbortSignal.any([signal, limit]));
      used = Math.min(tokens, result.tokens ?? tokens);
      return result;
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      const problem =
        error instanceof Problem ? error : limit.aborted ? timeoutError({ cause: error }) : toProviderError(error);
      this.log.warn('media_failed', { code: problem.code, error: problem.options.cause ?? problem });
      throw problem;
    } finally {
      await this.budget.settle(reservation, used);
    }
  }
}

function tokensOf(input: string): number {
  return Math.ceil(Buffer.byteLength(input) / BYTES_PER_TOKEN);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
