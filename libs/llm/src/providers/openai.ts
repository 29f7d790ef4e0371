import { setting } from '@adiuva/config';
import { completionsModel, urlFaults } from './endpoints';
import { describeProvider } from './provider-descriptor';

export const OPENAI_URL = 'https://api.openai.com/v1';

export const openai = describeProvider({
  name: 'openai',
  settings: {
    OPENAI_API_KEY: setting.optionalSecret('Key of OpenAI or of a service that speaks its protocol'),
    OPENAI_BASE_URL: setting.optionalUrl(
      'Address of a service that speaks the OpenAI protocol; where not set, OpenAI itself',
    ),
    OPENAI_MODEL: setting.text('Model of the agents', 'gpt-4o'),
    OPENAI_ROUTER_MODEL: setting.text('Small model that reads the intent', 'gpt-4o-mini'),
  },
  own: { apiKey: 'OPENAI_API_KEY', baseUrl: 'OPENAI_BASE_URL' },
  required: ['OPENAI_API_KEY'],
  faults: ({ OPENAI_BASE_URL: url }) => urlFaults('OPENAI_BASE_URL', url),
  models: ({ OPENAI_MODEL: large, OPENAI_ROUTER_MODEL: small }) => ({ large, small }),
  connect: ({ OPENAI_API_KEY: apiKey = '', OPENAI_BASE_URL: baseUrl = OPENAI_URL }, target) =>
    completionsModel(target, { baseUrl, apiKey }),
});
