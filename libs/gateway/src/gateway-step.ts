import { z } from 'zod';
import { RunActionShape } from '@adiuva/runs';

/** What the step of a gateway run is made of; sealed in the run. `action` is what the app carries out, null for a question to a device. */
export const GatewayStepShape = z.object({
  tool: z.string(),
  arguments: z.record(z.string(), z.unknown()),
  action: RunActionShape.nullable(),
});
export type GatewayStep = z.infer<typeof GatewayStepShape>;
