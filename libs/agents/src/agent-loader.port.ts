import type { Principal } from '@adiuva/kernel';
import type { Agent } from './agent';

/** A built-in agent that is made for each caller, of what a lib of a higher layer stores. */
export abstract class AgentLoader {
  abstract readonly name: string;
  /** For people; not secret. */
  abstract readonly description: string;
  abstract load(caller: Principal): Promise<Agent>;
}
