// What the studio knows of the fleet is put together by plain functions: streams of what changed, histories that join, lines of
// a chart, and which alert is the worst.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const source = (file) => runnerImport(fileURLToPath(new URL(`../../studio/${file}`, import.meta.url)), { configFile: false, logLevel: 'error' }).then(({ module }) => module);

let live;
let history;
let series;
let order;
before(async () => {
  globalThis.location ??= { href: 'http://localhost/studio', pathname: '/studio', hash: '', protocol: 'http:', host: 'localhost' };
  globalThis.window ??= { addEventListener: () => undefined };
  globalThis.WebSocket ??= class {};
  order = await source('alerts/order.ts');
  live = await source('services/fleet/events.ts');
  history = await source('services/fleet/join.ts');
  series = await source('services/fleet/series.ts');
});

describe('a stream of processes', () => {
  const of = (...names) => names.map((id) => ({ id, state: 'SERVING' }));
  const ids = (all) => all.map(({ id }) => id).join('');
  for (const [name, known, event, then] of [
    ['begins with all', [], { instances: of('a', 'b'), left: [], complete: true }, 'ab'],
    ['begins anew after a break', of('a', 'x'), { instances: of('b', 'a'), left: [], complete: true }, 'ba'],
    ['lets who changed stay in place', of('a', 'b', 'c'), { instances: [{ id: 'b', state: 'SILENT' }], left: [], complete: false }, 'abc'],
    ['lets who joins come last, and who left go', of('a', 'b'), { instances: of('c'), left: ['a'], complete: false }, 'bc'],
  ]) test(name, () => assert.equal(ids(live.after(known, event)), then));
  test('takes over what changed', () => assert.equal(live.after(of('a'), { instances: [{ id: 'a', state: 'SILENT' }], left: [], complete: false })[0].state, 'SILENT'));
});

const START = Date.parse('2026-11-30T12:00:00Z');
const point = (i, more) => ({ at: new Date(START + 10_000 * i).toISOString(), utilization: null, cpu: null, memory: null, inFlight: 0, rate: i, errors: 0, p50Ms: null, p95Ms: null, p99Ms: null, ...more });

describe('a history', () => {
  const rates = ([{ history: all }]) => all.map(({ rate }) => rate);
  const one = (...numbers) => [{ id: 'a', name: 'a', history: numbers.map((i) => point(i)) }];
  test('grows by what is new, no point twice', () => assert.deepEqual(rates(history.joined(one(1, 2, 3), one(3, 4))), [1, 2, 3, 4]));
  test('loses what is older than a quarter of an hour', () => assert.deepEqual(rates(history.joined(one(1, 2, 50), one(95))), [50, 95]));
  test('ends with its instance', () => assert.deepEqual(history.joined(one(1), []), []));
  test('stays while there is nothing new', () => assert.deepEqual(rates(history.joined(one(1, 2), [{ id: 'a', name: 'a', history: [] }])), [1, 2]));
});

describe('a chart', () => {
  test('has moments until the newest point of all', () => {
    const moments = series.momentsOf([{ history: [point(3)] }, { history: [point(5)] }, { history: [] }]);
    assert.deepEqual([moments.length, moments.at(-1), moments.at(-2)], [90, START + 50_000, START + 40_000]);
    assert.deepEqual(series.momentsOf([{ history: [] }]), []);
  });
  test('knows nothing where there is no point', () => {
    const all = [{ id: 'a', name: 'a', history: [point(1, { utilization: 0.5 }), point(3, { utilization: 0 })] }];
    assert.deepEqual(series.linesOf(all, 'utilization', series.momentsOf(all))[0].values.slice(-3), [0.5, null, 0]);
  });
  test('draws a line that breaks, and what is alone as a dash', () => {
    assert.equal(series.pathOf([null, 0, 1, null, 0.5], 1), 'M1 100.00L2 0.00M3.7 50.00L4.3 50.00');
    assert.equal(series.pathOf([null], 1), '');
  });
  for (const [kind, values, top] of [['utilization', [0.3], 1], ['utilization', [1.2], 2], ['rate', [7], 10], ['rate', [2.2], 2.5], ['memory', [96 * 2 ** 20], 128 * 2 ** 20], ['p95', [null], 10], ['errors', [], 1]]) {
    test(`of ${kind} ${values} reaches to ${top}`, () => assert.equal(series.topOf([{ values }], kind), top));
  }
  for (const [value, text] of [[0, '0 B'], [2048, '2 KiB'], [1.5 * 2 ** 30, '1.5 GiB'], [96 * 2 ** 20, '96 MiB']]) test(`writes ${value} bytes as ${text}`, () => assert.equal(series.bytes(value), text));
  for (const [value, text] of [[0, '0/s'], [0.001, '< 0.01/s'], [2.5, '2.5/s'], [1234.4, '1,234/s']]) test(`writes a rate of ${value} as ${text}`, () => assert.equal(series.rateText(value), text));
});

test('the worst alert comes first, then the longest', () => {
  const alert = (id, severity, minute) => ({ id, severity, since: `2026-11-30T12:0${minute}:00Z` });
  assert.deepEqual(order.worstFirst([alert('a', 'WARNING', 1), alert('b', 'ERROR', 5), alert('c', 'ERROR', 3), alert('d', 'INFO', 0)]).map(({ id }) => id), ['c', 'b', 'a', 'd']);
});
