import { Injectable } from '@nestjs/common';
import type { Principal } from '@adiuva/kernel';
import { Media } from '@adiuva/llm';
import type { EdgeRequest } from '../edge/principal';
import { maxAudioBytes, readAudio } from './audio-upload';

/** Passes the audio of a request to the model while it arrives. */
@Injectable()
export class Transcriptions {
  constructor(private readonly media: Media) {}

  async transcribe(caller: Principal, request: EdgeRequest, signal: AbortSignal): Promise<string> {
    this.media.assertConfigured('AI_AUDIO_ENABLED');
    const audio = await readAudio(request);
    const broken = new AbortController();
    audio.bytes.once('error', (error) => broken.abort(error));
    try {
      return await this.media.transcribe(
        caller,
        audio,
        maxAudioBytes(request),
        AbortSignal.any([signal, broken.signal]),
      );
    } finally {
      audio.bytes.destroy();
      request.resume();
    }
  }
}
