import { judge, sentencesIn, share, type Verdict } from './test/offline-assistant/sentence-evaluation';
async function main() {
  for (const folder of ['/tmp/team/sentences/dev', '/tmp/team/heldout']) {
    const sentences = sentencesIn(folder);
    const verdicts: [any, Verdict][] = [];
    for (const s of sentences) verdicts.push([s, await judge(s)]);
    console.log(folder, sentences.length, Object.keys(verdicts[0]![1]));
    const by = (name: string, f: (s: any) => boolean) => { const v = verdicts.filter(([s]) => f(s)).map(([, v]) => v); console.log(name, v.length, JSON.stringify(Object.fromEntries(Object.keys(v[0] ?? {}).filter((k) => typeof (v[0] as any)[k] === 'boolean').map((k) => [k, share(v, (x) => (x as any)[k]).toFixed(3)])))); };
    by('all', () => true);
    for (const lang of ['en', 'de', 'it', 'fr', 'es']) by(lang, (s) => s.lang === lang);
    for (const kind of [...new Set(sentences.map((s) => s.kind))]) by(kind, (s) => s.kind === kind);
  }
}
void main();
