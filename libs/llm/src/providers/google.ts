import { setting } from '@adiuva/config';
import { endpointUrl } from './base-url';
import { httpModel, urlFaults } from './endpoints';
import { geminiContent } from './protocols/gemini-content';
import { describeProvider } from './provider-descriptor';

const API = 'https://generativelanguage.googleapis.com';

export const google = describeProvider({
  name: 'google',
  aliases: ['gemini'],
  settings: {
    GOOGLE_API_KEY: setting.optionalSecret('Key of the Gemini API'),
    GOOGLE_BASE_URL: setting.optionalUrl('Address of the Gemini API; where not set, its own'),
    GOOGLE_MODEL: setting.text('Model of the agents', 'gemini-2.5-pro'),
    GOOGLE_ROUTER_MODEL: setting.text('Small model that reads the intent', 'gemini-2.5-flash'),
  },
  own: { apiKey: 'GOOGLE_API_KEY', baseUrl: 'GOOGLE_BASE_URL' },
  required: ['GOOGLE_API_KEY'],
  faults: ({ GOOGLE_BASE_URL: url }) =>
    url !== undefined && /\/openai\/*(?:\?|$)/.test(url)
      ? ['GOOGLE_BASE_URL: must be the address of the Gemini API, not of its OpenAI-compatible endpoint']
      : urlFaults('GOOGLE_BASE_URL', url),
  models: ({ GOOGLE_MODEL: large, GOOGLE_ROUTER_MODEL: small }) => ({ large, small }),
  connect: async ({ GOOGLE_API_KEY: apiKey = '', GOOGLE_BASE_URL: baseUrl = API }, target) => {
    const name = target.model.includes('/') ? target.model : `models/${target.model}`;
    const path = `v1beta/${name.split('/').map(encodeURIComponent).join('/')}:streamGenerateContent`;
    const url = endpointUrl(baseUrl, path, { alt: 'sse' });
    return httpModel(target, url, { 'x-goog-api-key': apiKey }, geminiContent(target));
  },
});
