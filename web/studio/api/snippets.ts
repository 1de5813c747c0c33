// What a frontend needs to write, for this server and this frontend. Every text here is run or parsed by a test.

export interface Target {
  /** Address of the server, without a slash at the end. */
  readonly server: string;
  readonly frontend: string;
  readonly environment: string;
  /** A path that is live. */
  readonly path: string;
}

export interface Snippet {
  readonly id: string;
  readonly name: string;
  readonly about: string;
  readonly install?: string;
  readonly text: string;
}

const PRODUCTION = 'production';

/** JSON strings are GraphQL strings and JavaScript strings. */
const quoted = (text: string): string => JSON.stringify(text);

/** A text in single quotes for a shell. */
const shell = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

const context = ({ frontend, environment }: Target): string =>
  `{ frontend: ${quoted(frontend)}${environment === PRODUCTION ? '' : `, environment: ${quoted(environment)}`} }`;

const fields = (indent: string): string => ['id', 'key', 'title', 'contentHash', 'root', 'blocks {', '  key', '  component', '  version', '  props', '  slots { name blocks }', '}'].map((line) => indent + line).join('\n');

/** The one query a frontend needs, by itself: the path is written into it. */
export const query = (target: Target): string => `query Screen {
  screen(
    at: { path: ${quoted(target.path)} }
    context: ${context(target)}
  ) {
${fields('    ')}
  }
}`;

/** The same with the path as a variable. */
const document = (target: Target, name = 'Screen'): string => `query ${name}($path: String!) {
  screen(at: { path: $path }, context: ${context(target)}) {
${fields('    ')}
  }
}`;

const indented = (text: string): string => text.replaceAll('\n', '\n  ');

/** For template literals: what would end or fill them is escaped. */
const literal = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('`', '\\`').replaceAll('${', '\\${');

export const curl = (target: Target): string => `curl -sG ${shell(`${target.server}/graphql`)} \\
  --data-urlencode ${shell(`query=${query(target)}`)}`;

export const snippets = (target: Target): readonly Snippet[] => [
  {
    id: 'curl', name: 'curl',
    about: 'Run it in a shell: the answer is the screen as it is live now.',
    text: curl(target),
  },
  {
    id: 'sdk', name: 'SDK (React)',
    about: 'Draws screens from your own components, follows every publish, shows the last state when the server is away.',
    install: `npm install ${target.server}/sdk/sonata-sdk.tgz`,
    text: `import { createSonata } from '@sonata/sdk';
import { Screen, SonataProvider } from '@sonata/sdk/react';
import * as blocks from './blocks';

const sonata = createSonata({
  endpoint: ${quoted(target.server)},
  frontend: ${quoted(target.frontend)},${target.environment === PRODUCTION ? '' : `
  environment: ${quoted(target.environment)},`}
});

export function App() {
  return (
    <SonataProvider client={sonata} registry={blocks}>
      <Screen path={location.pathname} fallback={(view) => <p>{view.phase}</p>} />
    </SonataProvider>
  );
}`,
  },
  {
    id: 'types', name: 'TypeScript',
    about: 'Every component with its props, for any client and without a package. Add &build= and a name for what that build can render.',
    install: `curl -fsS ${shell(`${target.server}/codegen/blocks.d.ts?frontend=${encodeURIComponent(target.frontend)}`)} -o blocks.d.ts`,
    text: `import type { Block } from './blocks';

/** The blocks of one component: BlockOf<'…'>['props'] is what it is drawn from. */
export type BlockOf<Component extends Block['component']> = Extract<Block, { component: Component }>;

export function isA<Component extends Block['component']>(block: Block, component: Component): block is BlockOf<Component> {
  return block.component === component;
}`,
  },
  {
    id: 'apollo', name: 'Apollo Client',
    about: 'Nothing to configure: a snapshot has its own id, blocks have none on purpose, so that two releases never mix in the cache.',
    install: 'npm install @apollo/client graphql rxjs',
    text: `import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';

const client = new ApolloClient({
  link: new HttpLink({ uri: ${quoted(`${target.server}/graphql`)} }),
  cache: new InMemoryCache(),
});

const SCREEN = gql\`
  ${indented(literal(document(target)))}
\`;

const { data } = await client.query({ query: SCREEN, variables: { path: ${quoted(target.path)} } });
console.log(data.screen);`,
  },
  {
    id: 'urql', name: 'urql',
    about: 'Both the document cache and the normalized one work as they are.',
    install: 'npm install @urql/core graphql',
    text: `import { cacheExchange, Client, fetchExchange, gql } from '@urql/core';

const client = new Client({
  url: ${quoted(`${target.server}/graphql`)},
  preferGetMethod: false,
  exchanges: [cacheExchange, fetchExchange],
});

const SCREEN = gql\`
  ${indented(literal(document(target)))}
\`;

const { data, error } = await client.query(SCREEN, { path: ${quoted(target.path)} });
if (error) throw error;
console.log(data.screen);`,
  },
  {
    id: 'relay', name: 'Relay',
    about: 'Write it to src/screen.ts: the compiler wants the file’s name at the beginning of the query’s.',
    install: 'npm install relay-runtime && npm install --save-dev relay-compiler babel-plugin-relay',
    text: `import { Environment, fetchQuery, graphql, Network, RecordSource, Store } from 'relay-runtime';

const environment = new Environment({
  network: Network.create(async ({ text }, variables) => {
    const answer = await fetch(${quoted(`${target.server}/graphql`)}, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: text, variables }),
    });
    return answer.json();
  }),
  store: new Store(new RecordSource()),
});

const query = graphql\`
  ${indented(literal(document(target, 'screenQuery')))}
\`;

const data = await fetchQuery(environment, query, { path: ${quoted(target.path)} }).toPromise();
console.log(data);`,
  },
];
