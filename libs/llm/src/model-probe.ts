import { HumanMessage } from '@langchain/core/messages';
import type { Problem } from '@adiuva/kernel';
import { ROLES } from './model-ref';
import type { LlmConfig } from './llm.config';
import { ModelFactory } from './providers/model-factory';
import { CircuitBreakers } from './streaming/circuit-breakers.adapter';
import { ModelAttempt } from './streaming/model-attempt.adapter';
import { toProviderError } from './streaming/provider-error';

const MAX_OUTPUT_TOKENS = 16;

export interface ModelProbe {
  /** `provider:model` */
  readonly model: string;
  /** Null where the model has answered. */
  readonly problem: Problem | null;
}

/** Asks each configured model for one short answer, so that key, name and quota are proved as a chat proves them. Costs a few tokens. */
export async function probeModels(config: LlmConfig): Promise<readonly ModelProbe[]> {
  const refs = new Map(
    ROLES.flatMap((role) => config.chain(role)).map((ref) => [`${ref.provider}:${ref.model}`, ref] as const),
  );
  const factory = new ModelFactory(config.values, MAX_OUTPUT_TOKENS);
  const breakers = new CircuitBreakers(config.LLM_PROBE_AFTER_MS);
  try {
    return await Promise.all(
      [...refs].map(async ([model, ref]): Promise<ModelProbe> => {
        const signal = new AbortController().signal;
        const attempt = new ModelAttempt(breakers.of(model), config, signal);
        try {
          const call = { messages: [new HumanMessage('Answer with: ok')], mayBeEmpty: true };
          await attempt.open(factory.model(ref, config.LLM_CONNECT_TIMEOUT_MS), call);
          return { model, problem: null };
        } catch (error) {
          return { model, problem: toProviderError(error) };
        } finally {
          attempt.close();
        }
      }),
    );
  } finally {
    await factory.close();
  }
}
