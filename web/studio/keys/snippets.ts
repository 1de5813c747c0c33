// What to do with a new key first, for this server: each text works as it stands. A test runs them.
import type { Target } from '../api/snippets';
import { implied } from './scopes';

export type { Target };

export interface NewKey {
  readonly secret: string;
  readonly scopes: readonly string[];
  readonly publishable: boolean;
}

export interface First {
  readonly id: 'curl' | 'browser' | 'ci';
  readonly name: string;
  readonly text: string;
}

const PRODUCTION = 'production';

/** A text in single quotes for a shell. */
const shell = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** For template literals: what would end or fill them is escaped. */
const literal = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('`', '\\`').replaceAll('${', '\\${');

const indented = (text: string): string => text.replaceAll('\n', '\n    ');

/** A query that the key is answered with something to see. */
export function firstQuery(scopes: readonly string[], target: Target): string {
  const all = implied(scopes);
  if (all.has('content:read')) {
    return `{
  frontend(slug: ${JSON.stringify(target.frontend)}) {
    name
    screens(first: 5) { edges { node { key title path } } }
  }
}`;
  }
  if (all.has('delivery:read')) {
    const environment = target.environment === PRODUCTION ? '' : `, environment: ${JSON.stringify(target.environment)}`;
    return `{
  screen(at: { path: ${JSON.stringify(target.path)} }, context: { frontend: ${JSON.stringify(target.frontend)}${environment} }) {
    title
    blocks { key component props }
  }
}`;
  }
  return `{
  viewer { actor { name } scopes rateLimit { remaining resetAt } }
}`;
}

const curl = ({ secret, scopes }: NewKey, target: Target): string => `curl -sG ${shell(`${target.server}/graphql`)} \\
  -H ${shell(`Authorization: Bearer ${secret}`)} \\
  --data-urlencode ${shell(`query=${firstQuery(scopes, target)}`)}`;

const browser = ({ secret, scopes }: NewKey, target: Target): string => `const answer = await fetch(${JSON.stringify(`${target.server}/graphql`)}, {
  method: 'POST',
  headers: {
    'content-type': 'application/json',
    authorization: ${JSON.stringify(`Bearer ${secret}`)},
  },
  body: JSON.stringify({
    query: \`${indented(literal(firstQuery(scopes, target)))}\`,
  }),
});
const { data, errors } = await answer.json();
console.log(errors ?? data);`;

const ci = ({ secret }: NewKey, target: Target): string => `# sonata.manifest.json: npx sonata-manifest src/blocks.tsx
SONATA_API_KEY=${shell(secret)} sonata build register \\
  --server ${shell(target.server)} --frontend ${shell(target.frontend)} \\
  --name "$(date +%Y-%m-%d)" sonata.manifest.json`;

/** The one that fits best comes first. */
export function firsts(key: NewKey, target: Target): readonly First[] {
  if (key.publishable) return [{ id: 'browser', name: 'Browser', text: browser(key, target) }, { id: 'curl', name: 'curl', text: curl(key, target) }];
  const plain: First = { id: 'curl', name: 'curl', text: curl(key, target) };
  if (!key.scopes.includes('components:write')) return [plain];
  const register: First = { id: 'ci', name: 'CI', text: ci(key, target) };
  return implied(key.scopes).has('content:read') ? [plain, register] : [register, plain];
}
