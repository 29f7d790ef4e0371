import type { ImageRequestDto, ImagesDto, SpeechRequestDto, TranscriptionDto } from '../generated/types.gen';
import type { Http } from './http';

/** Images, speech and transcriptions: 501 `not_configured` where the server has them off. */
export class AiApi {
  constructor(private readonly http: Http) {}

  images(request: ImageRequestDto, signal?: AbortSignal): Promise<ImagesDto> {
    return this.http.json('POST', '/ai/images', { body: request, signal });
  }

  /** The audio as it is made. */
  speech(request: SpeechRequestDto, signal?: AbortSignal): Promise<Response> {
    return this.http.send('POST', '/ai/speech', { body: request, signal });
  }

  transcribe(audio: Blob, signal?: AbortSignal): Promise<TranscriptionDto> {
    const form = new FormData();
    form.set('file', audio);
    return this.http.json('POST', '/ai/transcriptions', { form, signal });
  }
}
