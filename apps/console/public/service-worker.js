// Shows the notifications of the user while no page is open. It keeps nothing, and answers no request.

const SCREEN = '/console/notifications';

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('push', (event) => {
  const { id, title, body } = event.data.json();
  const options = { tag: id, ...(body ? { body } : {}) };
  event.waitUntil(self.registration.showNotification(title, options));
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(openScreen());
});

async function openScreen() {
  const [page] = await self.clients.matchAll({ type: 'window' });
  if (!page) return self.clients.openWindow(SCREEN);
  await page.focus();
  return page.navigate(SCREEN);
}
