// What each page may weigh, gzipped: what a browser must have before the page is usable, and what each part of the studio
// adds when it is opened. The build fails beyond it. Kilobytes are 1,000 bytes.
import { gzipSync } from 'node:zlib';

/** `after` names what is there already when the part is loaded: it does not count again. */
export const budgets = [
  { what: 'studio, first load', page: 'studio', entries: ['main.tsx'], js: 230, css: 45 },
  { what: 'studio, sign in', page: 'studio', entries: ['signin/signin.tsx', 'signin/join.tsx', 'signin/setup.tsx', 'signin/again.tsx'], after: ['main.tsx'], js: 8 },
  { what: 'studio, members', page: 'studio', entries: ['members/members.tsx'], after: ['main.tsx'], js: 12 },
  { what: 'studio, API keys', page: 'studio', entries: ['keys/keys.tsx'], after: ['main.tsx'], js: 24 },
  { what: 'studio, audit log', page: 'studio', entries: ['audit/audit.tsx'], after: ['main.tsx'], js: 13 },
  { what: 'studio, palette', page: 'studio', entries: ['palette/palette.tsx'], after: ['main.tsx'], js: 11 },
  { what: 'studio, home', page: 'studio', entries: ['home/home.tsx', 'home/usage.tsx'], after: ['main.tsx'], js: 12 },
  { what: 'studio, components', page: 'studio', entries: ['components/component.tsx'], after: ['main.tsx'], js: 12 },
  { what: 'studio, documents', page: 'studio', entries: ['documents/documents.tsx'], after: ['main.tsx'], js: 18 },
  { what: 'studio, services', page: 'studio', entries: ['services/services.tsx'], after: ['main.tsx'], js: 18 },
  { what: 'studio, fleet', page: 'studio', entries: ['services/fleet/panel.tsx'], after: ['main.tsx', 'services/services.tsx'], js: 16 },
  { what: 'studio, API', page: 'studio', entries: ['api/api.tsx'], after: ['main.tsx'], js: 10 },
  { what: 'studio, settings', page: 'studio', entries: ['settings/settings.tsx'], after: ['main.tsx'], js: 12 },
  { what: 'studio, publish', page: 'studio', entries: ['publish/dialog.tsx'], after: ['main.tsx'], js: 12 },
  { what: 'studio, changes', page: 'studio', entries: ['changes/changes.tsx'], after: ['main.tsx'], js: 16 },
  { what: 'studio, releases', page: 'studio', entries: ['releases/releases.tsx'], after: ['main.tsx', 'changes/changes.tsx'], js: 14 },
  { what: 'studio, editor', page: 'studio', entries: ['editor/editor.tsx'], after: ['main.tsx'], js: 60 },
  { what: 'studio, props form', page: 'studio', entries: ['editor/form/form.tsx', 'editor/form/validate.ts'], after: ['main.tsx', 'editor/editor.tsx'], js: 22 },
  { what: 'studio, JSON editor', page: 'studio', entries: ['json/jsoneditor.tsx'], after: ['main.tsx', 'editor/editor.tsx', 'editor/form/form.tsx'], js: 110 },
  { what: 'studio, pictures', page: 'studio', entries: ['assets/field.tsx', 'assets/library.tsx'], after: ['main.tsx', 'editor/editor.tsx', 'editor/form/form.tsx'], js: 9 },
  { what: 'studio, binding', page: 'studio', entries: ['binding/picker.tsx'], after: ['main.tsx', 'editor/editor.tsx', 'editor/form/form.tsx'], js: 12 },
  { what: 'demo', page: 'demo', entries: ['main.tsx'], js: 110, css: 8 },
];

/** Checks the budgets against what Vite built: a map from page to its chunks. Returns lines to print and whether all hold. */
export function weigh(built) {
  const lines = [];
  let holds = true;
  for (const { what, page, entries, after = [], ...limits } of budgets) {
    const chunks = built.get(page) ?? [];
    const before = loadedWith(chunks, page, after);
    const loaded = [...loadedWith(chunks, page, entries)].filter((chunk) => !before.has(chunk));
    const missing = entries.filter((entry) => !find(chunks, page, entry));
    const js = kilobytes(loaded.map((chunk) => chunk.code));
    const css = kilobytes(loaded.flatMap((chunk) => chunk.styles));
    for (const [kind, is] of [['js', js], ['css', css]]) {
      const limit = limits[kind];
      if (limit === undefined) continue;
      const fits = is <= limit && missing.length === 0;
      holds &&= fits;
      lines.push(`${fits ? 'fits' : 'TOO LARGE'}  ${what}: ${is.toFixed(1)} of ${limit} kB gz ${kind}${missing.length ? ` (there is no ${missing.join(', ')})` : ''}`);
    }
  }
  return { lines, holds };
}

const find = (chunks, page, entry) => chunks.find((chunk) => chunk.facade.endsWith(`/web/${page}/${entry}`) || chunk.modules.some((module) => module.endsWith(`/${page}/${entry}`)));

/** The chunks of some modules with everything that they import at once. */
function loadedWith(chunks, page, entries) {
  const found = new Set();
  const follow = (chunk) => {
    if (!chunk || found.has(chunk)) return;
    found.add(chunk);
    for (const name of chunk.imports) follow(chunks.find((other) => other.fileName === name));
  };
  for (const entry of entries) follow(find(chunks, page, entry));
  return found;
}

const kilobytes = (texts) => texts.reduce((sum, text) => sum + gzipSync(text, { level: 9 }).length, 0) / 1000;
