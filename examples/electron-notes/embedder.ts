import { embedAll, MODEL_DIM } from '../../bench/sentence-model';
import type { Embedder } from './notes-core';

/** A small sentence model that runs on the device, so that no text leaves it to be searched by meaning. */
export const EMBEDDER: Embedder = {
  model: 'use-lite',
  dim: MODEL_DIM,
  embed: (texts) => embedAll([...texts], () => undefined),
};
