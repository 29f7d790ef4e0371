import { setting } from '@adiuva/config';
import { completionsModel, urlFaults } from './endpoints';
import { describeProvider } from './provider-descriptor';

export const openrouter = describeProvider({
  name: 'openrouter',
  settings: {
    OPENROUTER_API_KEY: setting.optionalSecret('Key of OpenRouter'),
    OPENROUTER_BASE_URL: setting.text('Address of OpenRouter', 'https://openrouter.ai/api/v1'),
    OPENROUTER_MODEL: setting.text('Model of the agents', 'openai/gpt-4o'),
    OPENROUTER_ROUTER_MODEL: setting.text('Small model that reads the intent', 'openai/gpt-4o-mini'),
  },
  own: { apiKey: 'OPENROUTER_API_KEY', baseUrl: 'OPENROUTER_BASE_URL' },
  required: ['OPENROUTER_API_KEY'],
  faults: ({ OPENROUTER_BASE_URL: url }) => urlFaults('OPENROUTER_BASE_URL', url),
  models: ({ OPENROUTER_MODEL: large, OPENROUTER_ROUTER_MODEL: small }) => ({ large, small }),
  connect: ({ OPENROUTER_API_KEY: apiKey = '', OPENROUTER_BASE_URL: baseUrl }, target) =>
    completionsModel(target, { baseUrl, apiKey, apiPath: '/api/v1' }),
});
