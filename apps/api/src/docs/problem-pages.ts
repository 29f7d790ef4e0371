import { problemType, PROBLEM_CODES, Problem, type ProblemCode } from '@adiuva/kernel';
import { escapeUTF8 as escapeHtml } from 'entities';
import { inline, page } from './pages';
import { PROBLEM_HELP } from './problem-help';

/** The page that the `type` of a problem document leads to; undefined for an unknown code. */
export function problemPage(code: string): string | undefined {
  if (!isCode(code)) return undefined;
  const { status, title } = new Problem(code);
  const { cause, remedy } = PROBLEM_HELP[code];
  return page(
    `${status} ${code}`,
    `<p><strong>${escapeHtml(title)}</strong></p><h2>Cause</h2><p>${inline(cause)}</p><h2>What to do</h2><p>${inline(remedy)}</p>
<p><a href="/docs/problems">All problem codes</a></p>`,
  );
}

export function problemIndexPage(): string {
  const rows = PROBLEM_CODES.map((code) => {
    const { status, title } = new Problem(code);
    return `<tr><td>${status}</td><td><a href="${problemType(code)}"><code>${code}</code></a></td><td>${escapeHtml(title)}</td></tr>`;
  });
  return page(
    'Problem codes',
    `<p>Errors are RFC 9457 problem documents. Clients decide by <code>code</code>.</p>
<table><thead><tr><th>Status</th><th>Code</th><th>Title</th></tr></thead><tbody>${rows.join('\n')}</tbody></table>`,
  );
}

function isCode(code: string): code is ProblemCode {
  return PROBLEM_CODES.some((known) => known === code);
}
