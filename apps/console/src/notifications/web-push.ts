import type { NotificationsApi } from '@adiuva/client';

const SCRIPT = '/console/service-worker.js';
const SCOPE = '/console/';
/** The channel of this browser's subscription. */
const KEPT = 'adiuva-push-channel';

export type WebPush = 'unsupported' | 'denied' | 'off' | 'on';

export async function webPush(): Promise<WebPush> {
  if (!('serviceWorker' in navigator && 'PushManager' in globalThis)) return 'unsupported';
  if (Notification.permission === 'denied') return 'denied';
  return localStorage.getItem(KEPT) !== null && (await subscription()) ? 'on' : 'off';
}

/** Asks the user for the permission, and the push service of the browser for an address. */
export async function subscribeThisBrowser(notifications: NotificationsApi): Promise<void> {
  if ((await Notification.requestPermission()) !== 'granted') return;
  await navigator.serviceWorker.register(scriptUrl(), { scope: SCOPE });
  const { pushManager } = await navigator.serviceWorker.ready;
  localStorage.setItem(KEPT, (await notifications.subscribe(pushManager)).id);
}

/** Where `channelId` is that of this browser, or is not given. The server removes the channel of a subscription that has ended. */
export async function unsubscribeThisBrowser(channelId?: string): Promise<void> {
  const kept = localStorage.getItem(KEPT);
  if (kept === null || (channelId !== undefined && kept !== channelId)) return;
  localStorage.removeItem(KEPT);
  await (await subscription())?.unsubscribe();
}

async function subscription(): Promise<PushSubscription | null> {
  const registration = await navigator.serviceWorker.getRegistration(SCOPE);
  return (await registration?.pushManager.getSubscription()) ?? null;
}

interface TrustedTypes {
  /** What `createScriptURL` gives is text only by its type here: the browser wants the object that it is. */
  createPolicy(
    name: string,
    rules: { readonly createScriptURL: () => string },
  ): { createScriptURL(input: string): string };
}

declare global {
  var trustedTypes: TrustedTypes | undefined;
}

/** The policy of the page (Trusted Types) takes an address of a script from a named policy alone. */
function scriptUrl(): string {
  const policy = globalThis.trustedTypes?.createPolicy('service-worker', { createScriptURL: () => SCRIPT });
  return policy?.createScriptURL('') ?? SCRIPT;
}
