import { setting } from '@adiuva/config';
import { endpointUrl } from './base-url';
import { httpModel, urlFaults } from './endpoints';
import { anthropicMessages } from './protocols/anthropic-messages';
import { describeProvider } from './provider-descriptor';

const API = 'https://api.anthropic.com';

export const anthropic = describeProvider({
  name: 'anthropic',
  settings: {
    ANTHROPIC_API_KEY: setting.optionalSecret('Key of Anthropic'),
    ANTHROPIC_BASE_URL: setting.optionalUrl('Address of the Anthropic API; where not set, its own'),
    ANTHROPIC_MODEL: setting.text('Model of the agents', 'claude-sonnet-4-5'),
    ANTHROPIC_ROUTER_MODEL: setting.text('Small model that reads the intent', 'claude-haiku-4-5'),
  },
  own: { apiKey: 'ANTHROPIC_API_KEY', baseUrl: 'ANTHROPIC_BASE_URL' },
  required: ['ANTHROPIC_API_KEY'],
  faults: ({ ANTHROPIC_BASE_URL: url }) => urlFaults('ANTHROPIC_BASE_URL', url),
  models: ({ ANTHROPIC_MODEL: large, ANTHROPIC_ROUTER_MODEL: small }) => ({ large, small }),
  connect: async ({ ANTHROPIC_API_KEY: apiKey = '', ANTHROPIC_BASE_URL: baseUrl = API }, target) => {
    const headers = { 'x-api-key': apiKey, 'anthropic-version': '2023-06-01' };
    return httpModel(target, endpointUrl(baseUrl, 'v1/messages'), headers, anthropicMessages(target));
  },
});
