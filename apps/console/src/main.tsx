import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app';
import { ConsoleSession } from './session/session';
import { loadLanguage, preferredLanguage } from './texts/texts';
import { applyTheme } from './shell/theme';
import './styles.css';

async function start(): Promise<void> {
  applyTheme();
  const [session] = await Promise.all([ConsoleSession.open(), loadLanguage(preferredLanguage())]);
  const root = document.getElementById('app');
  if (!root) return;
  createRoot(root).render(
    <StrictMode>
      <App session={session} />
    </StrictMode>,
  );
}

void start();
