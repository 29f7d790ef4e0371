import { setting } from '@adiuva/config';
import { completionsModel, urlFaults } from './endpoints';
import { describeProvider } from './provider-descriptor';

export const cloudflare = describeProvider({
  name: 'cloudflare',
  settings: {
    CLOUDFLARE_ACCOUNT_ID: setting.optionalText('Account of Cloudflare whose Workers AI is used'),
    CLOUDFLARE_API_TOKEN: setting.optionalSecret('Token of that account that may run Workers AI'),
    CLOUDFLARE_BASE_URL: setting.optionalUrl(
      'Address of an AI gateway that speaks the OpenAI protocol; where not set, Workers AI of the account',
    ),
    CLOUDFLARE_MODEL: setting.text('Model of the agents', '@cf/meta/llama-3.3-70b-instruct-fp8-fast'),
    CLOUDFLARE_ROUTER_MODEL: setting.text('Small model that reads the intent', '@cf/meta/llama-3.1-8b-instruct-fast'),
  },
  required: ['CLOUDFLARE_ACCOUNT_ID', 'CLOUDFLARE_API_TOKEN'],
  faults: ({ CLOUDFLARE_BASE_URL: url }) => urlFaults('CLOUDFLARE_BASE_URL', url),
  models: ({ CLOUDFLARE_MODEL: large, CLOUDFLARE_ROUTER_MODEL: small }) => ({ large, small }),
  connect: (
    { CLOUDFLARE_ACCOUNT_ID: account = '', CLOUDFLARE_API_TOKEN: apiKey = '', CLOUDFLARE_BASE_URL: url },
    target,
  ) => completionsModel(target, { baseUrl: url ?? workersAi(account), apiKey }),
});

function workersAi(account: string): string {
  return `https://api.cloudflare.com/client/v4/accounts/${encodeURIComponent(account)}/ai/v1`;
}
