import { setting } from '@adiuva/config';
import { completionsModel, urlFaults } from './endpoints';
import { describeProvider } from './provider-descriptor';

/** Any endpoint on rented GPUs (vLLM, TGI, SGLang, llama.cpp) that speaks the OpenAI protocol. */
export const serverlessGpu = describeProvider({
  name: 'serverless_gpu',
  settings: {
    SERVERLESS_GPU_ENDPOINT: setting.optionalUrl('Address of a GPU endpoint that speaks the OpenAI protocol'),
    SERVERLESS_GPU_API_KEY: setting.optionalSecret('Key of that endpoint'),
    SERVERLESS_GPU_MODEL: setting.optionalText('The model that it serves, for all roles'),
  },
  required: ['SERVERLESS_GPU_ENDPOINT', 'SERVERLESS_GPU_API_KEY', 'SERVERLESS_GPU_MODEL'],
  faults: ({ SERVERLESS_GPU_ENDPOINT: url }) => urlFaults('SERVERLESS_GPU_ENDPOINT', url),
  models: ({ SERVERLESS_GPU_MODEL: model = '' }) => ({ large: model, small: model }),
  connect: ({ SERVERLESS_GPU_ENDPOINT: baseUrl = '', SERVERLESS_GPU_API_KEY: apiKey = '' }, target) =>
    completionsModel(target, { baseUrl, apiKey }),
});
