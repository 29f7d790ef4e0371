import { serve } from './node';
import { createWorker } from './worker';

/** Settings of the worker, from the environment. */
const { GATEWAY_URL, BACKEND_HMAC_SECRET, AGENT_JWT_SECRET, AGENT_JWT_ISS, AGENT_JWT_AUD, PORT } = process.env;

if (!GATEWAY_URL || !BACKEND_HMAC_SECRET) throw new Error('GATEWAY_URL and BACKEND_HMAC_SECRET must be set');
const worker = createWorker({
  gateway: { url: GATEWAY_URL, secret: BACKEND_HMAC_SECRET },
  tokens: {
    issuer: AGENT_JWT_ISS ?? 'adiuva-cloud',
    audience: AGENT_JWT_AUD ?? 'agent-worker',
    ...(AGENT_JWT_SECRET
      ? { secret: AGENT_JWT_SECRET }
      : { jwksUrl: `${GATEWAY_URL}/api/v1/auth/.well-known/jwks.json` }),
  },
});
serve(worker).listen(Number(PORT ?? 8787));
