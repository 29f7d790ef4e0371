import { setting } from '@adiuva/config';
import { endpointUrl } from './base-url';
import { httpModel, urlFaults } from './endpoints';
import { ollamaChat } from './protocols/ollama-chat';
import { describeProvider } from './provider-descriptor';

export const ollama = describeProvider({
  name: 'ollama',
  settings: {
    OLLAMA_BASE_URL: setting.optionalUrl('Address of an Ollama server, such as http://localhost:11434'),
    OLLAMA_MODEL: setting.text('Model of the agents', 'llama3.1'),
    OLLAMA_ROUTER_MODEL: setting.text('Small model that reads the intent', 'llama3.2'),
  },
  required: ['OLLAMA_BASE_URL'],
  faults: ({ OLLAMA_BASE_URL: url }) => urlFaults('OLLAMA_BASE_URL', url),
  models: ({ OLLAMA_MODEL: large, OLLAMA_ROUTER_MODEL: small }) => ({ large, small }),
  connect: async ({ OLLAMA_BASE_URL: baseUrl = '' }, target) => {
    // `/v1` is where Ollama speaks the OpenAI protocol.
    const url = new URL(baseUrl);
    url.pathname = url.pathname.replace(/(?:\/+v1)+(?:\/+chat\/+completions)?\/*$/, '');
    return httpModel(target, endpointUrl(url.href, 'api/chat'), {}, ollamaChat(target));
  },
});
