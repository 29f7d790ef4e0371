import { GatewayNonceRow } from './gateway-nonce.entity';

export const GATEWAY_ENTITIES = [GatewayNonceRow] as const;
