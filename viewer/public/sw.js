// The shell of the page for a start without a signal: the page itself and the files that the build named after their content.
// Answers of the twin are never kept.
const CACHE = 'shell-1';
const PAGE = '/';

self.addEventListener('install', (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(CACHE);
      await cache.add(new Request(PAGE, { cache: 'reload' }));
      await self.skipWaiting();
    })(),
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
      await self.clients.claim();
    })(),
  );
});

self.addEventListener('message', (event) => {
  if (event.data?.type !== 'keep' || !Array.isArray(event.data.urls)) return;
  event.waitUntil(
    (async () => {
      const cache = await caches.open(CACHE);
      const wanted = event.data.urls.filter((url) => typeof url === 'string' && isAsset(new URL(url)));
      for (const url of wanted) if ((await cache.match(url)) === undefined) await cache.add(url);
    })(),
  );
});

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (isAsset(url)) event.respondWith(keptOrFetched(event.request));
  else if (event.request.mode === 'navigate' && url.pathname === PAGE) event.respondWith(fetchedOrKept(event.request));
});

/** Named after their content: what is kept is what the server has. */
const isAsset = (url) => url.origin === self.location.origin && url.pathname.startsWith('/assets/');

async function keptOrFetched(request) {
  const kept = await caches.match(request);
  if (kept !== undefined) return kept;
  const response = await fetch(request);
  if (response.ok) await (await caches.open(CACHE)).put(request, response.clone());
  return response;
}

/** The newest page while there is a network: it names the newest files, and those of another build are let go. */
async function fetchedOrKept(request) {
  try {
    const response = await fetch(request);
    if (response.ok) await keepPage(response.clone());
    return response;
  } catch (cause) {
    const kept = await caches.match(PAGE);
    if (kept === undefined) throw cause;
    return kept;
  }
}

async function keepPage(response) {
  const cache = await caches.open(CACHE);
  const before = await cache.match(PAGE);
  const text = await response.clone().text();
  if (before !== undefined && (await before.text()) !== text) {
    for (const request of await cache.keys()) if (isAsset(new URL(request.url))) await cache.delete(request);
  }
  await cache.put(PAGE, response);
}
