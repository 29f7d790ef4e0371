/** The page of the frame: Turnstile, and its tokens to the console around it. It holds no keys and knows no user. */

interface Turnstile {
  render(
    container: string,
    options: {
      readonly sitekey: string;
      readonly callback: (token: string) => void;
      readonly 'expired-callback': () => void;
      readonly 'error-callback': () => void;
    },
  ): void;
}

declare global {
  var turnstile: Turnstile | undefined;
}

const SCRIPT = 'https://challenges.cloudflare.com/turnstile/v0/api.js?render=explicit';

const tell = (token: string): void => parent.postMessage(token, location.origin);
const sitekey = document.querySelector<HTMLMetaElement>('meta[name="bot-check"]')?.content ?? '';
const script = document.createElement('script');
script.src = SCRIPT;
script.addEventListener('load', () => {
  globalThis.turnstile?.render('#check', {
    sitekey,
    callback: tell,
    'expired-callback': () => tell(''),
    'error-callback': () => tell(''),
  });
});
document.head.append(script);

export {};
