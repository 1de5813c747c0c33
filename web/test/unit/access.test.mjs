// What the studio says about grants is what the server decides by them.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

let may;
before(async () => {
  globalThis.location ??= { href: 'http://localhost/studio', pathname: '/studio', hash: '' };
  may = await runnerImport(fileURLToPath(new URL('../../studio/access/may.ts', import.meta.url)), { configFile: false, logLevel: 'error' }).then(({ module }) => module);
});

const shop = { id: 'fe_1', slug: 'shop' };
const portal = { id: 'fe_2', slug: 'portal' };
const viewer = (grant) => ({ scopes: ['release:write'], grants: [{ role: null, scopes: ['release:write'], frontend: null, frontendSlug: null, environments: [], services: [], ...grant }] });

describe('a grant', () => {
  const cases = [
    ['for everything holds everywhere', {}, { frontend: shop, environment: 'production' }, true],
    ['for everything holds for the installation', {}, {}, true],
    ['for a frontend holds in it', { frontend: 'fe_1' }, { frontend: shop, environment: 'production' }, true],
    ['for a frontend does not hold in another', { frontend: 'fe_1' }, { frontend: portal }, false],
    ['for a frontend does not hold for the installation', { frontend: 'fe_1' }, {}, false],
    ['for an environment holds there', { frontend: 'fe_1', environments: ['staging'] }, { frontend: shop, environment: 'staging' }, true],
    ['for an environment does not hold in another', { frontend: 'fe_1', environments: ['staging'] }, { frontend: shop, environment: 'production' }, false],
    ['for an environment holds for what has none', { frontend: 'fe_1', environments: ['staging'] }, { frontend: shop }, true],
    ['for a service does not hold for another', { services: ['prices'] }, { service: 'stock' }, false],
  ];
  for (const [name, grant, place, held] of cases) {
    test(name, () => assert.equal(may.holds(viewer(grant), 'release:write', place), held));
  }
  test('of another scope does not hold', () => assert.equal(may.holds(viewer({}), 'content:write', {}), false));
});

test('the reason names the scope, the place and whom to ask', () => {
  assert.equal(may.reason('release:write', { frontend: shop, environment: 'production' }, ['Ada', 'Bo']), 'You need release:write for shop/production. Ask an admin: Ada and Bo.');
  assert.equal(may.reason('frontends:write', {}, []), 'You need frontends:write for every frontend. Ask an admin.');
  assert.equal(may.reason('services:write', { service: 'prices' }, []), 'You need services:write for the service prices. Ask an admin.');
});
