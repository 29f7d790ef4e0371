import type { Principal } from '@adiuva/kernel';
import type { Agent } from './agent';

/** Agents that users have made. Only the owner's exist. */
export abstract class CustomAgentSource {
  /** Undefined for no agent of that name. Throws `validation_failed` for a disabled one, `upgrade_required` where the tier has none. */
  abstract find(caller: Principal, name: string): Promise<Agent | undefined>;
}
