// What the page of API keys says about a key is what the server decides, and the texts beside a new secret are right.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { buildSchema, parse, validate } from 'graphql';
import { parseSync, runnerImport } from 'vite';

const at = (file) => fileURLToPath(new URL(file, import.meta.url));
const source = (file) => runnerImport(at(`../../studio/keys/${file}`), { configFile: false, logLevel: 'error' }).then(({ module }) => module);

let give;
let scopes;
let snippets;
let state;
before(async () => {
  give = await source('give.ts');
  scopes = await source('scopes.ts');
  snippets = await source('snippets.ts');
  state = await source('state.ts');
});

const grant = (more) => ({ role: null, scopes: [], frontend: null, frontendSlug: null, environments: [], services: [], ...more });

describe('what may be given', () => {
  const there = { frontend: 'fe_1', environments: ['staging'], services: [] };
  const cases = [
    ['everything by who holds everything', grant({ scopes: ['content:read', 'delivery:read'] }), 'content:read', there, true],
    ['nothing that is not held', grant({ scopes: ['content:read', 'delivery:read'] }), 'content:write', there, false],
    ['nothing that brings along what is not held', grant({ scopes: ['content:read'] }), 'content:read', there, false],
    ['in the frontend where it is held', grant({ scopes: ['release:write'], frontend: 'fe_1' }), 'release:write', there, true],
    ['in no other', grant({ scopes: ['release:write'], frontend: 'fe_2' }), 'release:write', there, false],
    ['for every frontend not by who holds one', grant({ scopes: ['release:write'], frontend: 'fe_1' }), 'release:write', { ...there, frontend: '' }, false],
    ['in the environment where it is held', grant({ scopes: ['release:write'], environments: ['staging'] }), 'release:write', there, true],
    ['for every environment not by who holds one', grant({ scopes: ['release:write'], environments: ['staging'] }), 'release:write', { ...there, environments: [] }, false],
    ['about services, for those that are held', grant({ scopes: ['services:write', 'services:read'], services: ['prices'] }), 'services:write', { ...there, services: ['prices'] }, true],
    ['about services, for no others', grant({ scopes: ['services:write', 'services:read'], services: ['prices'] }), 'services:write', { ...there, services: ['prices', 'stock'] }, false],
    ['about anything else, whatever the services', grant({ scopes: ['release:write'], services: ['prices'] }), 'release:write', there, true],
  ];
  for (const [name, held, scope, place, want] of cases) test(name, () => assert.equal(give.mayGive({ scopes: held.scopes, grants: [held] }, scope, place), want));

  test('is limited where every grant is', () => {
    assert.deepEqual(give.limitedTo({ grants: [grant({ environments: ['staging'] }), grant({ environments: ['test'], frontend: 'fe_1' })] }, 'fe_1'), ['staging', 'test']);
    assert.equal(give.limitedTo({ grants: [grant({ environments: ['staging'] }), grant({ frontend: 'fe_1' })] }, 'fe_1'), undefined);
  });
});

describe('a key', () => {
  const now = Date.UTC(2030, 0, 1);
  const at = (days) => new Date(now + days * 86_400_000).toISOString();
  const cases = [
    ['without an end is active', {}, 'active'],
    ['with an end far away is active', { expiresAt: at(15) }, 'active'],
    ['with an end that is near ends soon', { expiresAt: at(13) }, 'soon'],
    ['that was rotated is in its overlap', { expiresAt: at(20), rotatedAt: at(-1) }, 'overlap'],
    ['whose overlap is over has expired', { expiresAt: at(-1), rotatedAt: at(-2) }, 'expired'],
    ['whose end is now has expired', { expiresAt: at(0) }, 'expired'],
    ['that was revoked is revoked, whatever else', { expiresAt: at(9), rotatedAt: at(-2), revokedAt: at(-1) }, 'revoked'],
  ];
  for (const [name, key, want] of cases) test(name, () => assert.equal(state.stateOf({ revokedAt: null, expiresAt: null, rotatedAt: null, ...key }, now), want));
});

describe('scopes', () => {
  test('are those that the server knows', () => {
    const go = readFileSync(at('../../../internal/principal/scope.go'), 'utf8');
    const known = [...go.matchAll(/= "([a-z]+:[a-z]+)"/g)].map(([, scope]) => scope).sort();
    assert.deepEqual(scopes.groups.flatMap(({ scopes: list }) => list.map(({ scope }) => scope)).sort(), known);
  });
  test('bring along what they imply, and are sent without it', () => {
    assert.deepEqual([...scopes.implied(['content:write', 'release:write'])].sort(), ['content:read', 'content:write', 'delivery:read', 'release:write']);
    assert.deepEqual(scopes.shortest(['delivery:read', 'content:read', 'content:write', 'audit:read']), ['content:write', 'audit:read']);
  });
  test('of a purpose are that purpose again', () => {
    for (const { purpose, scopes: list, publishable } of scopes.purposes) assert.equal(scopes.purposeOf([...list].reverse(), publishable), purpose);
    assert.equal(scopes.purposeOf(['audit:read'], false), undefined);
  });
});

describe('the first requests', () => {
  const targets = [
    { server: 'http://127.0.0.1:8080', frontend: 'shop', environment: 'production', path: '/' },
    { server: 'https://sonata.example', frontend: 'shop', environment: 'staging', path: '/it\'s/"quoted"/`${here}`\\n' },
  ];
  const keys = [
    { secret: 'sonata_sk_1', scopes: ['content:read'], publishable: false },
    { secret: 'sonata_sk_1', scopes: ['components:write', 'release:write'], publishable: false },
    { secret: 'sonata_sk_1', scopes: ['members:write'], publishable: false },
    { secret: 'sonata_pk_1', scopes: ['delivery:read'], publishable: true },
  ];
  test('ask what the schema knows, and carry the key', () => {
    const folder = at('../../../schema/');
    const schema = buildSchema(readdirSync(folder).filter((name) => name.endsWith('.graphql')).map((name) => readFileSync(folder + name, 'utf8')).join('\n'));
    for (const target of targets) {
      for (const key of keys) {
        const document = snippets.firstQuery(key.scopes, target);
        assert.deepEqual(validate(schema, parse(document)).map(({ message }) => message), [], document);
        for (const { id, text } of snippets.firsts(key, target)) {
          assert.ok(text.includes(key.secret), id);
          if (id !== 'browser') continue;
          assert.deepEqual(parseSync('snippet.mjs', text).errors, [], text);
          const sent = new Function(`return \`${/query: `([^]*?[^\\])`,\n/.exec(text)[1]}\``)();
          assert.deepEqual(parse(sent, { noLocation: true }), parse(document, { noLocation: true }));
        }
      }
    }
  });
  test('begin with what the key is for', () => {
    assert.deepEqual(keys.map((key) => snippets.firsts(key, targets[0])[0].id), ['curl', 'ci', 'curl', 'browser']);
  });
});
