import { z } from 'zod';

/** What the step of a gateway run is made of; sealed in the run. `action` is what the app carries out, null for a question to a device. */
export const GatewayStepShape = z.object({
  tool: z.string(),
  arguments: z.record(z.string(), z.unknown()),
  action: z
    .object({
      id: z.string(),
      type: z.enum([
        'create_record',
        'update_record',
        'delete_record',
        'index_document',
        'send_notification',
        'call_agent',
      ]),
      table: z.string().nullable(),
      data: z.record(z.string(), z.unknown()).nullable(),
      agent: z.string().nullable(),
    })
    .nullable(),
});
export type GatewayStep = z.infer<typeof GatewayStepShape>;
