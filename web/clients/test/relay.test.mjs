// Relay: its compiler on the schema that Sonata serves, and its runtime with what that made. A page of a list, the next page
// of the same list, and one object again by its id.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import relay from 'relay-runtime';
import { Server } from '../../test/harness.mjs';

const { ConnectionHandler, Environment, fetchQuery, Network, Observable, RecordSource, Store } = relay;
const here = fileURLToPath(new URL('..', import.meta.url));

// As they stand in the components of an app.
const SOURCES = {
  'ScreenList.js': `
    graphql\`query ScreenListQuery($frontend: String!) { frontend(slug: $frontend) { ...ScreenList_frontend } }\`;
    graphql\`fragment ScreenList_frontend on Frontend @argumentDefinitions(count: {type: "Int", defaultValue: 2}, cursor: {type: "String"}) @refetchable(queryName: "ScreenListPaginationQuery") {
      screens(first: $count, after: $cursor) @connection(key: "ScreenList_screens") { edges { node { id key ...ScreenTitle_screen } } }
    }\`;`,
  'ScreenTitle.js': `
    graphql\`fragment ScreenTitle_screen on Screen @refetchable(queryName: "ScreenTitleRefetchQuery") { title version }\`;`,
};

describe('Relay', () => {
  let server;
  let folder;
  let environment;
  let asked = 0;

  const artifact = async (name) => (await import(pathToFileURL(path.join(folder, 'made', `${name}.graphql.js`)))).default;
  const ask = async (name, variables) => {
    const request = await artifact(name);
    return fetchQuery(environment, request, variables, { fetchPolicy: 'network-only' }).toPromise();
  };
  const listed = () => environment.getStore().getSource().toJSON();
  /** The keys of the screens in the one list of the frontend, as Relay keeps it. */
  function keys(id) {
    let found = [];
    environment.commitUpdate((store) => {
      const list = ConnectionHandler.getConnection(store.get(id), 'ScreenList_screens');
      found = (list?.getLinkedRecords('edges') ?? []).map((edge) => edge.getLinkedRecord('node').getValue('key'));
    });
    return found;
  }
  const frontendID = () => Object.values(listed()).find((record) => record.__typename === 'Frontend').__id;

  before(async () => {
    server = await Server.start();
    folder = await mkdtemp(path.join(tmpdir(), 'sonata-relay-'));
    await mkdir(path.join(folder, 'made'));
    for (const [name, text] of Object.entries(SOURCES)) await writeFile(path.join(folder, name), text);
    await writeFile(path.join(folder, 'package.json'), '{"type":"module"}');
    const sdl = await fetch(`${server.url}/schema.graphql`);
    assert.equal(sdl.status, 200);
    await writeFile(path.join(folder, 'schema.graphql'), await sdl.text());
    await writeFile(path.join(folder, 'relay.config.json'), JSON.stringify({ src: '.', schema: 'schema.graphql', artifactDirectory: 'made', language: 'javascript', eagerEsModules: true }));
    await symlink(path.join(here, 'node_modules'), path.join(folder, 'node_modules'));
    await promisify(execFile)(process.execPath, [path.join(here, 'node_modules/relay-compiler/cli.js'), 'relay.config.json'], { cwd: folder });
    environment = new Environment({
      network: Network.create((request, variables) => Observable.from((async () => {
        asked++;
        const answer = await fetch(`${server.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query: request.text, variables }) });
        return answer.json();
      })())),
      store: new Store(new RecordSource()),
    });
  });
  after(async () => {
    await server?.remove();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  test('its compiler takes the schema and makes what it needs to page and to ask again', async () => {
    const made = await readdir(path.join(folder, 'made'));
    for (const name of ['ScreenListQuery', 'ScreenListPaginationQuery', 'ScreenTitleRefetchQuery']) assert.ok(made.includes(`${name}.graphql.js`), String(made));
  });

  test('a list and its next page are one list', async () => {
    await ask('ScreenListQuery', { frontend: 'shop' });
    const id = frontendID();
    const first = keys(id);
    assert.equal(first.length, 2);
    const cursor = Object.values(listed()).find((record) => record.endCursor)?.endCursor;
    await ask('ScreenListPaginationQuery', { id, count: 2, cursor });
    const both = keys(id);
    assert.deepEqual(both.slice(0, 2), first);
    assert.equal(new Set(both).size, both.length);
    assert.ok(both.length > 2, String(both));
  });

  test('an object is asked for again by its id, and the same record changes', async () => {
    const { id, version } = await server.screen('home');
    const before = listed()[id];
    assert.equal(before.version, version);
    await server.setTitle('Seen by Relay');
    await ask('ScreenTitleRefetchQuery', { id });
    assert.equal(listed()[id].version, version + 1);
    assert.equal(asked, 3);
  });
});
