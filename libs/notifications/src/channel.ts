import { createECDH } from 'node:crypto';
import { z } from 'zod';
import type { ChannelKind } from './notification';

const P256DH_BYTES = 65;
const AUTH_BYTES = 16;

/** A PushSubscription (W3C Push API) as browsers serialise it. */
export const SubscriptionShape = z.object({
  endpoint: z.string().min(1).max(2048),
  keys: z.object({ p256dh: z.string().max(200), auth: z.string().max(100) }),
});
export type PushSubscription = z.infer<typeof SubscriptionShape>;

/** E.164 with its plus sign. */
export const PHONE = /^\+[1-9]\d{6,14}$/;

export type Address =
  | { readonly kind: 'web_push'; readonly subscription: PushSubscription }
  | { readonly kind: 'whatsapp' | 'voice'; readonly phone: string }
  | { readonly kind: 'email'; readonly email: string };

/** A channel as its owner sees it, without the address. */
export interface Channel {
  readonly id: string;
  readonly kind: ChannelKind;
  readonly status: 'active' | 'pending';
  readonly label: string | null;
  readonly includeContent: boolean;
  readonly createdAt: Date;
}

/** What is wrong with the keys of a subscription, or null. */
export function subscriptionError({ keys }: PushSubscription): string | null {
  const point = Buffer.from(keys.p256dh, 'base64url');
  if (point.length !== P256DH_BYTES || !isOnCurve(point)) return 'keys.p256dh must be an uncompressed P-256 point';
  if (Buffer.from(keys.auth, 'base64url').length !== AUTH_BYTES) return `keys.auth must have ${AUTH_BYTES} bytes`;
  return null;
}

function isOnCurve(point: Buffer): boolean {
  const ecdh = createECDH('prime256v1');
  ecdh.generateKeys();
  try {
    ecdh.computeSecret(point);
    return true;
  } catch {
    return false;
  }
}

/** What is sealed, and what tells two addresses of one kind apart. */
export function addressText(address: Address): string {
  switch (address.kind) {
    case 'web_push':
      return JSON.stringify(address.subscription);
    case 'whatsapp':
    case 'voice':
      return address.phone;
    case 'email':
      return address.email;
  }
}

export function addressKey(address: Address): string {
  return address.kind === 'web_push' ? address.subscription.endpoint : addressText(address);
}
