export { GATEWAY_ENTITIES } from './gateway.entities';
export { GatewayJobs } from './gateway.jobs';
export { GatewayModule } from './gateway.module';
export { GatewayTools, type AgentCaller, type ToolCallOutcome } from './gateway-tools.service';
export { SignedRequests } from './signed-requests.service';
export { signatureOf } from './signature';
