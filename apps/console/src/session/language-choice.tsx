import type { ReactNode } from 'react';
import { chooseLanguage, currentLanguage, isLanguage, LANGUAGES } from '../texts/texts';

export function LanguageChoice({ label }: { readonly label: string }): ReactNode {
  return (
    <select
      aria-label={label}
      value={currentLanguage()}
      onChange={(event) => {
        if (isLanguage(event.target.value)) void chooseLanguage(event.target.value);
      }}
    >
      {Object.entries(LANGUAGES).map(([code, name]) => (
        <option key={code} value={code} lang={code}>
          {name}
        </option>
      ))}
    </select>
  );
}
