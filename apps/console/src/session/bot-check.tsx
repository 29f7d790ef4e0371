import { useEffect, useRef, useState, type ReactNode } from 'react';
import { t } from '../texts/texts';

/** Where the server demands a check at sign-up, sign-in and a forgotten password, its page says so. */
const IS_DEMANDED = document.querySelector('meta[name="bot-check"]') !== null;

interface Check {
  readonly isReady: boolean;
  readonly key: number;
  /** The token, which is of one use: the next attempt gets another. */
  take(): string | undefined;
  readonly give: (token: string | undefined) => void;
}

export function useBotCheck(): Check {
  const [token, setToken] = useState<string>();
  const [key, setKey] = useState(0);
  return {
    isReady: !IS_DEMANDED || token !== undefined,
    key,
    take() {
      if (token === undefined) return undefined;
      setToken(undefined);
      setKey(key + 1);
      return token;
    },
    give: setToken,
  };
}

/** A frame with a policy of its own: the script of the check has no place in the page that holds the keys. */
export function BotCheck({ check }: { readonly check: Check }): ReactNode {
  const frame = useRef<HTMLIFrameElement>(null);
  const { give } = check;
  useEffect(() => {
    const onMessage = ({ source, origin, data }: MessageEvent<unknown>): void => {
      if (source === null || source !== frame.current?.contentWindow || origin !== location.origin) return;
      give(typeof data === 'string' && data !== '' ? data : undefined);
    };
    addEventListener('message', onMessage);
    return () => removeEventListener('message', onMessage);
  }, [give]);
  if (!IS_DEMANDED) return null;
  return (
    <iframe key={check.key} ref={frame} className="bot-check" title={t('auth.botCheck')} src="/console/bot-check" />
  );
}
