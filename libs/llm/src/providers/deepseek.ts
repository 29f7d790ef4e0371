import { setting } from '@adiuva/config';
import { completionsModel, urlFaults } from './endpoints';
import { describeProvider } from './provider-descriptor';

export const deepseek = describeProvider({
  name: 'deepseek',
  settings: {
    DEEPSEEK_API_KEY: setting.optionalSecret('Key of DeepSeek'),
    DEEPSEEK_BASE_URL: setting.text('Address of the DeepSeek API', 'https://api.deepseek.com/v1'),
    DEEPSEEK_MODEL: setting.text('Model of the agents', 'deepseek-chat'),
    DEEPSEEK_ROUTER_MODEL: setting.text('Small model that reads the intent', 'deepseek-chat'),
  },
  own: { apiKey: 'DEEPSEEK_API_KEY', baseUrl: 'DEEPSEEK_BASE_URL' },
  required: ['DEEPSEEK_API_KEY'],
  faults: ({ DEEPSEEK_BASE_URL: url }) => urlFaults('DEEPSEEK_BASE_URL', url),
  models: ({ DEEPSEEK_MODEL: large, DEEPSEEK_ROUTER_MODEL: small }) => ({ large, small }),
  connect: ({ DEEPSEEK_API_KEY: apiKey = '', DEEPSEEK_BASE_URL: baseUrl }, target) =>
    completionsModel(target, { baseUrl, apiKey }),
});
