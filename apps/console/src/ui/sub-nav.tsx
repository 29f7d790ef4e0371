import { useEffect, useRef, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { t, type TextKey } from '../texts/texts';

/** The parts of a screen, each with an address. */
export function SubNav({ links }: { readonly links: readonly (readonly [path: string, title: TextKey])[] }): ReactNode {
  const [location] = useLocation();
  const nav = useRef<HTMLElement>(null);
  useEffect(() => {
    nav.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [location]);
  return (
    <nav ref={nav} className="subnav" aria-label={t('nav.parts')}>
      {links.map(([path, title]) => (
        <Link key={path} href={path} aria-current={location === path ? 'page' : undefined}>
          {t(title)}
        </Link>
      ))}
    </nav>
  );
}
