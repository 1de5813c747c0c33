// What the audit log says and asks for is plain functions: words for everything that can be done, pages that grow at both
// ends, conditions in an address.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { buildSchema } from 'graphql';
import { runnerImport } from 'vite';

const at = (file) => fileURLToPath(new URL(file, import.meta.url));
const source = (file) => runnerImport(at(`../../studio/audit/${file}`), { configFile: false, logLevel: 'error' }).then(({ module }) => module);

let actions;
let subjects;
let address;
let pages;
let ops;
let reads;
before(async () => {
  globalThis.location ??= { href: 'http://localhost/studio', pathname: '/studio', hash: '', protocol: 'http:', host: 'localhost' };
  globalThis.navigator ??= { platform: 'Linux' };
  [actions, subjects, ops] = await Promise.all(['actions.ts', 'subjects.ts', 'ops.ts'].map(source));
});

test('every mutation that makes an entry has words', () => {
  const folder = at('../../../schema/');
  const schema = buildSchema(readdirSync(folder).filter((name) => name.endsWith('.graphql')).map((name) => readFileSync(folder + name, 'utf8')).join('\n'));
  const named = actions.groups.flatMap((group) => group.actions.map(({ name }) => name));
  const silent = ['presenceSet', 'usageReport', 'subgraphCheck']; // counters and checks
  assert.deepEqual(Object.keys(schema.getMutationType().getFields()).filter((name) => !named.includes(name) && !silent.includes(name)), []);
  assert.equal(new Set(named).size, named.length);
  for (const name of ['instanceLeave', 'instanceLost']) assert.ok(named.includes(name), name); // by silence
});

test('what Sonata does when a schedule is due is told as that', () => {
  assert.equal(actions.doneWords({ action: 'releaseSchedule', subjectId: 'sch_1', requestId: 'r' }), 'Scheduled a release');
  assert.equal(actions.doneWords({ action: 'releaseSchedule', subjectId: 'env_1', requestId: null }), 'A scheduled release went live');
  assert.equal(actions.doneWords({ action: 'releaseSchedule', subjectId: 'sch_1', requestId: null }), 'A scheduled release did not go live');
  assert.equal(actions.doneWords({ action: 'somethingNew' }), 'Something new');
});

test('what was refused has words, whatever it was', () => {
  for (const [name, words] of [['memberInvite', 'Invite a member'], ['instanceHeartbeat', 'Announce an instance'], ['apiKeys', 'Read api keys'], ['Frontend.apiKeys', 'Read api keys of frontend'], ['__schema', 'Explore the graph'], ['/graphql', 'A request to /graphql'], ['origin', 'A page of a foreign origin']]) {
    assert.equal(actions.askedWords(name), words);
  }
});

describe('what an entry is about', () => {
  const cases = [
    ['a screen', { action: 'screenEdit', frontend: 'shop', subjectId: 'scr_1', subjectLabel: 'shop/home' }, '/shop/screens/home'],
    ['a screen that is gone', { action: 'screenDelete', frontend: 'shop', subjectId: 'scr_1', subjectLabel: 'shop/home' }, undefined],
    ['a screen of a strange name', { action: 'screenEdit', frontend: 'shop', subjectId: 'scr_1', subjectLabel: 'shop/../../x' }, undefined],
    ['a publish', { action: 'releasePublish', frontend: 'shop', subjectId: 'env_1', subjectLabel: 'shop/production' }, '/shop/releases?view=log'],
    ['an environment', { action: 'environmentUpdate', frontend: 'shop', subjectId: 'env_1', subjectLabel: 'shop/production' }, '/shop/settings'],
    ['a member', { action: 'memberInvite', frontend: null, subjectId: 'mem_1', subjectLabel: 'a@b.c' }, '/here/members'],
    ['nothing', { action: 'x', frontend: null, subjectId: null, subjectLabel: '' }, undefined],
  ];
  for (const [name, entry, place] of cases) test(`${name} is ${place ?? 'nowhere'}`, () => assert.equal(subjects.placeOf(entry, 'here'), place));
});

test('ops are told in words', () => {
  assert.equal(ops.opsWords([{ kind: 'SET_PROPS', key: 'hero', patch: { title: 'x', altText: null } }, { kind: 'MOVE', key: 'grid' }, { kind: 'UPGRADE', key: 'hero', major: 2 }, 7]), 'hero: title and alt text set, grid moved, hero upgraded to version 2, something');
  assert.match(ops.opsWords(Array.from({ length: 11 }, (_, i) => ({ kind: 'REMOVE', key: `b${i}` }))), /b7 removed, and 3 more$/);
});

describe('pages', () => {
  before(async () => { pages = await source('pages.ts'); });
  const page = (from, to, more = true) => ({ totalCount: 100, pageInfo: { hasNextPage: more, endCursor: `c${to}` }, edges: Array.from({ length: from - to + 1 }, (_, i) => ({ cursor: `c${from - i}`, node: from - i })) });
  const numbers = ({ edges }) => edges.map(({ node }) => node);
  const range = (from, to) => Array.from({ length: from - to + 1 }, (_, i) => from - i);

  test('new entries join what is known, without a gap and without one twice', () => {
    const two = pages.older(pages.newest(undefined, page(10, 6)), page(5, 1, false));
    assert.deepEqual(numbers(two), range(10, 1));
    assert.equal(two.cursor, undefined);
    const joined = pages.newest(two, page(12, 8));
    assert.deepEqual(numbers(joined), range(12, 1));
    assert.equal(joined.cursor, undefined);
  });
  test('too many new ones to join begin anew, with their older ones to come', () => {
    const known = pages.older(pages.newest(undefined, page(10, 6)), page(5, 1, false));
    const anew = pages.newest(known, page(30, 26));
    assert.deepEqual(numbers(anew), range(30, 26));
    assert.equal(anew.cursor, 'c26');
  });
  test('the cursor stays where the older ones begin', () => {
    const known = pages.older(pages.newest(undefined, page(20, 16)), page(15, 11));
    assert.equal(pages.newest(known, page(21, 17)).cursor, 'c11');
    assert.deepEqual(numbers(pages.newest(known, page(21, 17))), range(21, 11));
    assert.equal(pages.newest(pages.newest(undefined, page(20, 16)), page(20, 16)).cursor, 'c16');
  });
});

describe('the address', () => {
  before(async () => { address = await source('address.ts'); });
  test('holds the conditions under the names of the file, and gives them back', () => {
    const filter = { actor: 'mem_1', action: 'screenEdit', subject: 'scr_1', frontend: 'shop', from: '2026-11-24T00:00:00Z', to: '2026-11-25T08:30:00Z' };
    const search = address.searchOf(filter);
    assert.deepEqual(Object.fromEntries(new URLSearchParams(search)), filter);
    assert.deepEqual(address.filterIn(search), filter);
    assert.deepEqual(address.variablesOf(filter), { subject: 'scr_1', filter: { actor: 'mem_1', action: 'screenEdit', frontend: 'shop', from: filter.from, to: filter.to } });
    assert.equal(address.searchOf({}), '');
    assert.deepEqual(address.variablesOf({}), {});
  });
  test('takes days, and no time that is none', () => {
    assert.deepEqual(address.filterIn('?from=2026-11-24&to=soon&view=log&actor='), { from: '2026-11-24T00:00:00Z' });
  });
});

describe('the log that somebody reads', () => {
  before(async () => { reads = await source('reads.ts'); });
  const grant = (more) => ({ scopes: ['audit:read'], frontend: null, frontendSlug: null, environments: [], services: [], ...more });
  for (const [name, grants, whole, frontends] of [
    ['is whole with a grant for everything', [grant({})], true, []],
    ['is that of their frontends', [grant({ frontend: '1', frontendSlug: 'shop' }), grant({ frontend: '2', frontendSlug: 'blog' })], false, ['blog', 'shop']],
    ['is none with a grant for some environments', [grant({ environments: ['staging'] }), grant({ frontend: '1', frontendSlug: 'shop', environments: ['staging'] })], false, []],
    ['is none without the scope', [grant({ scopes: ['members:read'] })], false, []],
  ]) test(name, () => assert.deepEqual(reads.readsOf({ grants }), { whole, frontends }));
});
