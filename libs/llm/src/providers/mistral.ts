import { createHash } from 'node:crypto';
import { setting } from '@adiuva/config';
import { completionsModel, urlFaults } from './endpoints';
import { describeProvider } from './provider-descriptor';

export const mistral = describeProvider({
  name: 'mistral',
  settings: {
    MISTRAL_API_KEY: setting.optionalSecret('Key of Mistral'),
    MISTRAL_BASE_URL: setting.text('Address of the Mistral API', 'https://api.mistral.ai/v1'),
    MISTRAL_MODEL: setting.text('Model of the agents', 'mistral-large-latest'),
    MISTRAL_ROUTER_MODEL: setting.text('Small model that reads the intent', 'mistral-small-latest'),
  },
  own: { apiKey: 'MISTRAL_API_KEY', baseUrl: 'MISTRAL_BASE_URL' },
  required: ['MISTRAL_API_KEY'],
  faults: ({ MISTRAL_BASE_URL: url }) => urlFaults('MISTRAL_BASE_URL', url),
  models: ({ MISTRAL_MODEL: large, MISTRAL_ROUTER_MODEL: small }) => ({ large, small }),
  connect: ({ MISTRAL_API_KEY: apiKey = '', MISTRAL_BASE_URL: baseUrl }, target) =>
    completionsModel(target, { baseUrl, apiKey, callId, streamOptions: false }),
});

/** Mistral refuses ids that are not nine letters or digits, such as those of a call that another provider made. */
function callId(id: string): string {
  return /^[a-zA-Z0-9]{9}$/.test(id) ? id : createHash('sha256').update(id).digest('hex').slice(0, 9);
}
