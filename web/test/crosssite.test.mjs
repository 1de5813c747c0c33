// Pages of other origins in the browser of somebody who may change everything: whatever they make that browser send is refused
// before anything runs, and they learn nothing. The same attacks run from a page of the server's own, where they must work.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import net from 'node:net';
import { after, before, describe, test } from 'node:test';
import { Server, startBrowser, until } from './harness.mjs';

const ADA = { name: 'Ada Byron', email: 'ada@example.com', password: 'seven lamps over the sea' };
const MALLORY = { name: 'Mallory', email: 'mallory@example.com', password: 'a lantern in the quiet wood' };
const SECRET = 'Harbor lanterns, not announced yet';
const PRIVATE = '{ frontend(slug: "shop") { screens(first: 100) { edges { node { title } } } } }';
const STREAM = 'subscription { activity(frontend: "shop") { kinds } }';

let browser;
let elsewhere; // the port of the attacker's server
let rebinding; // where the attacker's own name leads
const servers = [];
const reached = []; // what browsers said to the attacker's server

/** Serves an empty page under every name, and what the attacks need besides. */
function serveElsewhere() {
  const pages = createServer((request, answer) => {
    const { pathname, searchParams } = new URL(request.url, 'http://x');
    const to = searchParams.get('to');
    reached.push({ host: request.headers.host, path: pathname, cookie: request.headers.cookie ?? '' });
    answer.setHeader('connection', 'close'); // the next request may lead elsewhere
    if (pathname === '/redirect') return answer.writeHead(307, { location: to, 'access-control-allow-origin': '*' }).end();
    if (pathname === '/toss') answer.setHeader('set-cookie', [`__Host-sonata=planted; Path=/; Secure`, `__Host-sonata=planted; Path=/; Secure; Domain=${to}`]);
    if (pathname === '/report') answer.setHeader('content-security-policy', `script-src 'none'; report-uri ${to}`);
    answer.setHeader('content-type', 'text/html').end('<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>Elsewhere</title><script>0</script><p>Free lamps');
  });
  return listen(pages);
}

/** The address of a name that the attacker points at its own server first, and at another port of this machine later. */
function serveRebinding() {
  const open = new Set();
  let port;
  const gate = net.createServer((from) => {
    const to = net.connect(port, '127.0.0.1');
    open.add(from.once('close', () => open.delete(from)));
    from.on('error', () => undefined).once('close', () => to.destroy());
    to.on('error', () => undefined).once('close', () => from.destroy());
    from.pipe(to).pipe(from);
  });
  gate.leadTo = (other) => {
    port = other;
    for (const connection of open) connection.destroy(); // none that is kept leads to where the name did
  };
  return listen(gate);
}

const listen = (it) => new Promise((resolve) => it.listen(0, '127.0.0.1', () => resolve(Object.assign(it, { port: it.address().port }))));

before(async () => {
  elsewhere = await serveElsewhere();
  rebinding = await serveRebinding();
  browser = await startBrowser([`MAP rebound.example 127.0.0.1:${rebinding.port}`, 'MAP *.example 127.0.0.1', 'MAP *.localhost 127.0.0.1']);
});
after(async () => {
  await browser?.close();
  for (const server of servers) await server.remove();
  rebinding?.close();
  elsewhere?.close();
});

/** Runs in a page: what the attacks are made of. Each says what its page learned, in words or as text that it could read. */
function kit() {
  const soon = (what) => Promise.race([what, new Promise((resolve) => setTimeout(resolve, 8_000, 'nothing came'))]);
  const ask = (address, init) => soon(fetch(address, init).then(async (answer) => {
    return answer.type === 'opaque' ? `opaque${answer.status || ''}${await answer.text()}` : answer.text();
  }).catch(() => 'rejected'));
  const put = (tag, attributes) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };
  const load = (tag, attributes) => soon(new Promise((resolve) => {
    const element = put(tag, attributes);
    element.onload = () => resolve('loaded');
    element.onerror = () => resolve('error');
    document.body.append(element);
  }));
  // What shows in a frame once something made it load.
  const shows = async (element, begin) => {
    const shown = new Promise((resolve) => (element.onload = () => resolve(element.contentDocument?.documentElement.textContent ?? 'closed')));
    begin();
    return soon(shown);
  };
  const frame = (attributes) => {
    const element = put('iframe', attributes);
    return shows(element, () => document.body.append(element));
  };
  const form = async (action, enctype, fields) => {
    const target = put('iframe', { name: `frame${Math.random()}` });
    await shows(target, () => document.body.append(target)); // the empty one
    const element = put('form', { action, enctype, method: 'post', target: target.name });
    for (const [name, value] of Object.entries(fields)) element.append(put('input', { name, value, type: 'hidden' }));
    document.body.append(element);
    return shows(target, () => element.submit());
  };
  const socket = (address, protocols, operations) => soon(new Promise((resolve) => {
    const heard = [];
    const ws = new WebSocket(address.replace(/^http/, 'ws'), protocols);
    ws.onopen = () => {
      ws.send(JSON.stringify({ type: 'connection_init' }));
      operations.forEach((query, i) => ws.send(JSON.stringify({ id: `${i}`, type: 'subscribe', payload: { query } })));
    };
    let over = 0;
    ws.onmessage = ({ data }) => {
      heard.push(data);
      if (/"type":"(complete|error)"/.test(data) && ++over === operations.length) ws.close(1000);
    };
    ws.onclose = () => resolve(heard.join('\n') || 'no connection');
  }));
  const source = (address) => soon(new Promise((resolve) => {
    const events = new EventSource(address, { withCredentials: true });
    const over = (said) => resolve(events.close() ?? said); // nothing of an attack stays open
    events.addEventListener('next', ({ data }) => over(data));
    events.onopen = () => setTimeout(over, 500, 'open');
    events.onerror = () => over('error');
  }));
  window.kit = { ask, load, frame, form, socket, source, put, soon };
}

// What a page says of what it could not read.
const NOTHING = ['rejected', 'opaque', 'error', 'closed', 'no connection', 'sent'];

/*
 * The attacks. `run` is evaluated in a page. `asks` is what reaches the server when the page may send it, by endpoint; with
 * `preflight` the browser asks first when the page is of another origin. `own` is what becomes of it from a page of the
 * server's own: statuses, operations that run, and whether the page reads the secret.
 */
const ATTACKS = {
  'a form, urlencoded': {
    asks: { '/graphql': 1 }, own: { '/graphql 415': 1 },
    run: ({ at, mutation }) => kit.form(`${at}/graphql`, 'application/x-www-form-urlencoded', { query: mutation }),
  },
  'a form, multipart': {
    asks: { '/graphql': 1 }, own: { '/graphql 415': 1 },
    run: ({ at, mutation }) => kit.form(`${at}/graphql`, 'multipart/form-data', { operations: JSON.stringify({ query: mutation }), map: '{}' }),
  },
  'a form of text that looks like JSON': {
    asks: { '/graphql': 1 }, own: { '/graphql 415': 1 },
    run: ({ at, mutation }) => kit.form(`${at}/graphql`, 'text/plain', { [`{"query":${JSON.stringify(mutation)},"extensions":{"x":"`]: '"}}' }),
  },
  'simple requests without CORS': {
    asks: { '/graphql': 5 }, own: { '/graphql 415': 5 },
    run: async ({ at, mutation }) => {
      const body = JSON.stringify({ query: mutation });
      const parts = new FormData();
      parts.set('operations', body);
      const learned = [];
      for (const init of [
        { headers: { 'content-type': 'text/plain' }, body }, { headers: { 'content-type': 'application/json' }, body }, { body: new Blob([body]) },
        { body: new URLSearchParams({ query: mutation }) }, { body: parts },
      ]) learned.push(await kit.ask(`${at}/graphql`, { method: 'POST', mode: 'no-cors', credentials: 'include', ...init }));
      return learned;
    },
  },
  'a simple request with credentials': {
    asks: { '/graphql': 1 }, own: { '/graphql 415': 1 },
    run: ({ at, mutation }) => kit.ask(`${at}/graphql`, { method: 'POST', credentials: 'include', headers: { 'content-type': 'text/plain' }, body: JSON.stringify({ query: mutation }) }),
  },
  'JSON with credentials': {
    asks: { '/graphql': 2 }, preflight: true, own: { '/graphql 200': 2, 'mutation': 1, 'query': 1 }, reads: true,
    run: async ({ at, mutation, query }) => [
      await kit.ask(`${at}/graphql`, { method: 'POST', credentials: 'include', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query: mutation }) }),
      await kit.ask(`${at}/graphql`, { method: 'POST', credentials: 'include', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query }) }),
    ],
  },
  'a mutation by GET': {
    asks: { '/graphql': 2 }, own: { '/graphql 405': 2 },
    run: async ({ at, mutation }) => {
      const address = `${at}/graphql?query=${encodeURIComponent(mutation)}`;
      return [await kit.ask(address, { mode: 'no-cors', credentials: 'include' }), await kit.ask(address, { credentials: 'include' })];
    },
  },
  'a private query by GET': {
    asks: { '/graphql': 2 }, own: { '/graphql 200': 2, 'query': 2 }, reads: true,
    run: async ({ at, query }) => {
      const address = `${at}/graphql?query=${encodeURIComponent(query)}`;
      return [await kit.ask(address, { mode: 'no-cors', credentials: 'include' }), await kit.ask(address, { credentials: 'include' })];
    },
  },
  'images, scripts and style sheets': {
    asks: { '/graphql': 3, '/audit.csv': 3, '/schema.graphql': 3, '/assets': 3 },
    own: { '/graphql 200': 3, 'query': 3, '/audit.csv 200': 3, '/schema.graphql 200': 3, '/assets 405': 3 },
    run: async ({ at, query }) => {
      const learned = [];
      for (const [i, path] of [`/graphql?query=${encodeURIComponent(query)}`, '/audit.csv', '/schema.graphql', '/assets'].entries()) {
        const src = `${at}${path}${i ? '?' : '&'}action=`; // another address each, so that no cache answers
        learned.push(await kit.load('img', { src: `${src}img` }), await kit.load('script', { src: `${src}script` }), await kit.load('link', { rel: 'stylesheet', href: `${src}link` }));
      }
      return learned;
    },
  },
  'the audit log and the schema by fetch': {
    asks: { '/audit.csv': 2, '/schema.graphql': 2 }, own: { '/audit.csv 200': 2, '/schema.graphql 200': 2 }, reads: true,
    run: async ({ at }) => {
      const learned = [];
      for (const path of ['/audit.csv', '/schema.graphql']) for (const mode of ['no-cors', 'cors']) learned.push(await kit.ask(at + path, { mode, credentials: 'include', cache: 'no-store' }));
      return learned;
    },
  },
  'beacons': {
    asks: { '/graphql': 2 }, preflights: 1, own: { '/graphql 415': 1, '/graphql 200': 1, 'mutation': 1 },
    run: ({ at, mutation }) => {
      const body = JSON.stringify({ query: mutation });
      navigator.sendBeacon(`${at}/graphql`, body);
      navigator.sendBeacon(`${at}/graphql`, new Blob([body], { type: 'application/json' }));
      return 'sent';
    },
  },
  'a ping': {
    asks: { '/graphql': 1 }, own: { '/graphql 415': 1 },
    run: ({ at, mutation }) => {
      const link = kit.put('a', { href: '#', ping: `${at}/graphql?query=${encodeURIComponent(mutation)}` });
      document.body.append(link);
      link.click();
      return 'sent';
    },
  },
  'a websocket': {
    asks: { '/graphql': 1 }, socket: true, own: { '/graphql 101': 1, 'mutation': 1, 'query': 1 }, reads: true,
    run: ({ at, mutation, query }) => kit.socket(`${at}/graphql`, ['graphql-transport-ws'], [mutation, query]),
  },
  'websockets of the older kind, and of none': {
    asks: { '/graphql': 2 }, socket: true, own: { '/graphql 400': 2 },
    run: async ({ at, mutation, query }) => [await kit.socket(`${at}/graphql`, ['graphql-ws'], [mutation, query]), await kit.socket(`${at}/graphql`, [], [mutation, query])],
  },
  'an EventSource with credentials': {
    asks: { '/graphql': 2 }, own: { '/graphql 200': 2, 'query': 1 }, reads: true,
    run: async ({ at, query, stream }) => [await kit.source(`${at}/graphql?query=${encodeURIComponent(stream)}`), await kit.source(`${at}/graphql?query=${encodeURIComponent(query)}`)],
  },
  'server-sent events by fetch': {
    asks: { '/graphql': 1 }, preflight: true, own: { '/graphql 200': 1, 'query': 1 }, reads: true,
    run: ({ at, query }) => kit.ask(`${at}/graphql`, { method: 'POST', credentials: 'include', headers: { 'content-type': 'application/json', accept: 'text/event-stream' }, body: JSON.stringify({ query }) }),
  },
  'server-sent events by a simple request': {
    asks: { '/graphql': 1 }, own: { '/graphql 415': 1 },
    run: ({ at, stream }) => kit.ask(`${at}/graphql`, { method: 'POST', credentials: 'include', headers: { 'content-type': 'text/plain', accept: 'text/event-stream' }, body: JSON.stringify({ query: stream }) }),
  },
  'frames of answers': {
    asks: { '/graphql': 1, '/schema.graphql': 1 }, own: { '/graphql 200': 1, 'query': 1, '/schema.graphql 200': 1 }, reads: true,
    run: async ({ at, query }) => [await kit.frame({ src: `${at}/graphql?query=${encodeURIComponent(query)}` }), await kit.frame({ src: `${at}/schema.graphql?framed` })],
  },
  'a picture': {
    asks: { '/assets': 1 }, preflight: true, own: { '/assets 201': 1 },
    run: async ({ at, key }) => {
      const canvas = Object.assign(document.createElement('canvas'), { width: 8, height: 8 });
      canvas.getContext('2d').fillRect(1, 1, 3, 3);
      const body = await new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
      return kit.ask(`${at}/assets?frontend=shop&name=${key}.png`, { method: 'PUT', credentials: 'include', headers: { 'content-type': 'image/png' }, body });
    },
  },
};

// ---- a server, somebody who may do everything there, and figures that tell what ran

class World {
  #planted = 0;

  static async open(mode) {
    const world = new World();
    world.server = await Server.start(mode === 'production' ? ['--mode=production', '--demo=on', '--admin-listen=127.0.0.1:0'] : []);
    servers.push(world.server);
    world.port = new URL(world.server.url).port;
    // The host has a sibling, and a browser takes it for a safe one.
    world.home = mode === 'production' ? `http://studio.sonata.localhost:${world.port}` : world.server.url;
    world.figuresAt = mode === 'production' ? /(http:\S+)\/metrics/.exec(world.server.said)[1] : world.server.url;
    world.context = await browser.newContext();
    world.context.setDefaultTimeout(15_000);
    world.own = await world.visit(`${world.home}/`);
    if (mode === 'production') {
      const [, token] = /\/studio\/setup#(\S+)/.exec(world.server.said);
      await world.ask(`mutation ($input: SetupCompleteInput!) { answer: setupComplete(input: $input) { userErrors { message } } }`, { input: { token, ...ADA } });
    }
    await world.ask(`mutation { answer: screenCreate(input: {frontend: "shop", key: "harbor", title: "${SECRET}"}) { userErrors { message } } }`);
    const { secret } = await world.ask('mutation { answer: apiKeyCreate(input: {name: "Direct", scopes: ["content:read", "audit:read"]}) { secret userErrors { message } } }');
    world.key = secret;
    return world;
  }

  async visit(address) {
    const page = await this.context.newPage();
    await page.goto(address);
    await page.evaluate(kit);
    return page;
  }

  /** Asks as the page that is the server's own, and returns the field `answer`. */
  async ask(query, variables) {
    const { data, errors } = JSON.parse(await this.own.evaluate((body) => kit.ask('/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body }), JSON.stringify({ query, variables })));
    assert.equal(errors, undefined, JSON.stringify(errors));
    assert.deepEqual(data.answer.userErrors ?? [], []);
    return data.answer;
  }

  /** Asks without a browser, as a program with a key. */
  async directly(query) {
    const answer = await fetch(`${this.server.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${this.key}` }, body: JSON.stringify({ query }) });
    const { data, errors } = await answer.json();
    assert.equal(errors, undefined, JSON.stringify(errors));
    return data;
  }

  /** All that could have been changed: every accepted change is in the log. */
  state() {
    return this.directly('{ auditLog(first: 1) { totalCount edges { node { action hash } } } frontend(slug: "shop") { name origins screens(first: 100) { totalCount edges { node { key version } } } assets(first: 1) { totalCount } environment(key: "production") { live { number } } } }');
  }

  /** How many requests were answered, by endpoint and status, and how many operations ran, by kind. */
  async figures() {
    const text = await (await fetch(`${this.figuresAt}/metrics`)).text();
    const found = {};
    for (const [, labels, count] of text.matchAll(/^sonata_(?:http_request|graphql_operation)_seconds_count\{(.*)\} (\d+)$/gm)) {
      const { route, status, type } = Object.fromEntries([...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]));
      const name = type ?? `${route} ${status}`;
      if (!/^(page|\/metrics|\/livez|\/readyz) /.test(name)) found[name] = (found[name] ?? 0) + Number(count);
    }
    found.streams = Number(/^sonata_graphql_open_subscriptions (\d+)$/m.exec(text)[1]);
    return found;
  }

  async since(before) {
    const now = await this.figures();
    return Object.fromEntries(Object.entries(now).map(([name, count]) => [name, count - (before[name] ?? 0)]).filter(([, count]) => count !== 0));
  }

  /** Runs an attack in a page, waits until the server has seen `expected` and nothing else, and returns what the page learned. */
  async attack(frame, name, expected, changes = {}) {
    const key = `planted-${this.#planted++}`;
    const mutation = `mutation { screenCreate(input: {frontend: "shop", key: "${key}", title: "Planted"}) { screen { id } userErrors { message } } }`;
    return this.seeing(expected, name, () => frame.evaluate(ATTACKS[name].run, { at: this.home, key, query: PRIVATE, stream: STREAM, mutation, ...changes }));
  }

  /** Does something, waits until the server has seen `expected` and nothing else, and returns what was learned. */
  async seeing(expected, what, act) {
    const before = await this.figures();
    const learned = [await act()].flat();
    let seen;
    await until(async () => isSame((seen = await this.since(before)), expected), 'the figures', 5_000).catch(() => assert.deepEqual(seen, expected, `${what}: what reached the server`));
    return learned;
  }
}

const learnedNothing = (learned, what) => assert.ok(learned.length > 0 && learned.every((said) => NOTHING.includes(said)), `${what} learned ${JSON.stringify(learned).slice(0, 500)}`);

const isSame = (a, b) => {
  try {
    assert.deepEqual(a, b);
    return true;
  } catch {
    return false;
  }
};

/** What reaches the server when every request of an attack is refused with a status; browsers ask first where they must. */
function refusals({ asks, preflight, preflights = 0, socket }, status) {
  const found = {};
  for (const [endpoint, count] of Object.entries(asks)) {
    const asked = status === 421 ? 0 : preflight ? count : preflights;
    if (asked > 0) found[`${endpoint} 204`] = asked;
    if (count > asked) found[`${endpoint} ${status}`] = (count - asked) * (status === 421 && !socket ? 2 : 1); // what is misdirected is tried once more
  }
  return found;
}

/** A page without an origin: in a sandbox, on a page of another site. */
async function sandboxed(world, address) {
  const page = await world.visit(address);
  await page.evaluate((src) => kit.frame({ src, sandbox: 'allow-scripts allow-forms' }), `${address}sandbox`);
  const frame = page.frames().find((frame) => frame.url() === `${address}sandbox`);
  await frame.evaluate(kit);
  assert.equal(await frame.evaluate(() => origin), 'null');
  return frame;
}

for (const mode of ['production', 'development']) {
  describe(`${mode}:`, () => {
    let world;
    before(async () => (world = await World.open(mode)));
    after(() => world?.context.close());

    const away = (path = '/') => `http://evil.example:${elsewhere.port}${path}`;
    const sibling = () => `http://evil.sonata.localhost:${elsewhere.port}`;
    const hostOfHome = () => world.home.replace(/:\d+$/, '');
    const STRANGERS = [
      ['another site', () => world.visit(away())],
      ['a sibling host', () => world.visit(`${sibling()}/`)],
      ['another port of the same host', () => world.visit(`${hostOfHome()}:${elsewhere.port}/`)],
      ['a host whose name begins alike', () => world.visit(`${hostOfHome()}.evil.example:${elsewhere.port}/`)],
      ['a sandbox without an origin', () => sandboxed(world, away())],
    ];

    for (const [who, open] of STRANGERS) {
      test(`a page of ${who} makes nothing run and learns nothing`, async () => {
        const frame = await open();
        const [state, figures] = [await world.state(), await world.figures()];
        const total = {};
        for (const [name, attack] of Object.entries(ATTACKS)) {
          const expected = refusals(attack, 403);
          learnedNothing(await world.attack(frame, name, expected), name);
          for (const [what, count] of Object.entries(expected)) total[what] = (total[what] ?? 0) + count;
        }
        assert.deepEqual(await world.since(figures), total, 'what reached the server in the end');
        assert.deepEqual(await world.state(), state);
      });
    }

    test('the same attacks from a page of its own do all that they say', async () => {
      for (const [name, { own, reads }] of Object.entries(ATTACKS)) {
        const state = await world.state();
        const learned = await world.attack(world.own, name, own);
        assert.equal(learned.some((said) => said.includes(SECRET)), reads === true, `${name} learned ${JSON.stringify(learned).slice(0, 500)}`);
        assert.equal(isSame(await world.state(), state), !own.mutation && !own['/assets 201'], `${name} changed`);
      }
    });

    test('what a browser sends by itself for a foreign page makes nothing run', async () => {
      const page = await world.visit(away());
      const state = await world.state();
      const to = `to=${encodeURIComponent(`${world.home}/graphql`)}`;
      const body = JSON.stringify({ query: 'mutation { screenCreate(input: {frontend: "shop", key: "by-itself", title: "Planted"}) { screen { id } } }' });
      for (const [what, expected, run] of [
        ['a redirect', { '/graphql 403': 1 }, ({ to, body }) => kit.ask(`/redirect?${to}`, { method: 'POST', mode: 'no-cors', credentials: 'include', body })],
        ['a redirect of JSON', { '/graphql 204': 1 }, ({ to, body }) => kit.ask(`/redirect?${to}`, { method: 'POST', credentials: 'include', headers: { 'content-type': 'application/json' }, body })],
        ['a redirect of a form', { '/graphql 403': 1 }, ({ to, body }) => kit.form(`/redirect?${to}`, 'text/plain', { [body]: '' })],
        ['a report', { '/graphql 403': 1 }, ({ to }) => kit.frame({ src: `/report?${to}` }).then(() => 'sent')],
        ['a link that is fetched ahead', { '/graphql 403': 1 }, ({ at }) => kit.load('link', { rel: 'prefetch', href: `${at}/graphql?query={__typename}` })],
        ['a new window', { '/graphql 403': 1 }, ({ at }) => void window.open(`${at}/graphql?query={__typename}`) ?? 'sent'],
      ]) learnedNothing(await world.seeing(expected, what, () => page.evaluate(run, { to, body, at: world.home })), what);
      assert.deepEqual(await world.state(), state);
    });

    test('pages are framed by their own origin only', async () => {
      for (const open of [() => world.visit(away()), () => world.visit(`${sibling()}/`)]) {
        const page = await open();
        for (const path of ['/', '/welcome', '/studio', '/studio/shop/screens/harbor', '/graphiql', '/demo/', '/demo/renderer']) {
          const learned = await world.seeing({}, path, () => page.evaluate((src) => kit.frame({ src }), world.home + path));
          learnedNothing(learned, path);
        }
        assert.ok(page.frames().slice(1).every((frame) => !frame.url().startsWith(world.home)), page.frames().map((frame) => frame.url()).join());
        assert.equal(page.frames().length, 8);
      }
      const page = await world.visit(`${world.home}/`);
      assert.match(await page.evaluate(() => kit.frame({ src: '/demo/renderer' })), /The studio shows drafts here/);
      await page.evaluate(() => kit.frame({ src: '/studio/shop/screens' }));
      await page.frameLocator('iframe[src^="/studio"]').getByText(SECRET).waitFor();
      await page.close();
    });

    test('a foreign page cannot reach into a window of the studio that it opened', async () => {
      const reach = async (page) => {
        const opens = world.context.waitForEvent('page');
        await page.evaluate((address) => void (window.opened = window.open(address)), `${world.home}/studio/shop/screens/harbor`);
        const studio = await opens;
        await studio.locator('iframe').first().waitFor(); // the preview: somebody is signed in
        const learned = await page.evaluate(async (origin) => {
          const { opened } = window;
          const attempt = (act) => { try { return String(act()); } catch { return 'refused'; } };
          const heard = [];
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = ({ data }) => heard.push(data);
          addEventListener('message', ({ data }) => heard.push(data));
          attempt(() => opened.postMessage({ sonata: 'preview', type: 'hello', protocol: 1 }, '*', [port2]));
          const found = [attempt(() => opened.document.title), attempt(() => opened.location.href), attempt(() => opened.name), attempt(() => opened.length), attempt(() => opened.closed)];
          attempt(() => (opened.location = 'javascript:window.harmed = 1'));
          attempt(() => (opened.location.hash = '#harmed'));
          await new Promise((resolve) => setTimeout(resolve, 500));
          return { found, heard };
        });
        const inside = await studio.evaluate(() => ({ opener: window.opener !== null, harmed: window.harmed ?? null, hash: location.hash }));
        await studio.close();
        return { ...learned, ...inside };
      };
      for (const open of [() => world.visit(away()), () => world.visit(`${sibling()}/`)]) {
        // What it holds is closed; only to count the frames of the studio would tell that somebody is signed in.
        const { found, ...rest } = await reach(await open());
        assert.deepEqual(found, ['refused', 'refused', 'refused', '0', 'true']);
        assert.deepEqual(rest, { heard: [], opener: false, harmed: null, hash: '' });
      }
      const own = await reach(world.own);
      assert.match(own.found[1], /\/studio\/shop\/screens\/harbor/);
      assert.ok(Number(own.found[3]) > 0);
    });

    test('a frontend\'s own page may ask, but as nobody', async () => {
      await world.ask(`mutation { answer: frontendUpdate(input: {id: "shop", origins: ["${sibling()}"]}) { userErrors { message } } }`);
      const page = await world.visit(`${sibling()}/`);
      const state = await world.state();
      // It may send JSON and read the answer, but never with the visitor's cookie.
      learnedNothing(await world.attack(page, 'JSON with credentials', { '/graphql 204': 2 }), 'JSON with credentials');
      const body = JSON.stringify({ query: '{ viewer { credential scopes } frontend(slug: "shop") { screens(first: 100) { edges { node { title } } } } }' });
      const [said] = await world.seeing({ '/graphql 204': 1, '/graphql 294': 1, 'query': 1 }, 'JSON', () => page.evaluate(({ at, body }) => kit.ask(`${at}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body }), { at: world.home, body }));
      assert.match(said, /"credential":"NONE"/);
      const [heard] = await world.attack(page, 'a websocket', { '/graphql 101': 1, 'mutation': 1, 'query': 1 });
      assert.match(heard, /FORBIDDEN|UNAUTHENTICATED/);
      assert.ok(!said.includes(SECRET) && !heard.includes(SECRET), `${said} ${heard}`);
      assert.deepEqual(await world.state(), state);
      await world.ask('mutation { answer: frontendUpdate(input: {id: "shop", origins: []}) { userErrors { message } } }');
    });

    if (mode === 'production') {
      const cookies = async () => {
        const { cookies } = await (await world.context.newCDPSession(world.own)).send('Network.getCookies', { urls: [`${world.home}/`] });
        return cookies;
      };
      const me = async () => (await world.ask('{ answer: viewer { member { email } } }')).member.email;

      test('the cookie of a session is for one host, and no page reads it', async () => {
        const before = await cookies();
        assert.deepEqual(before.map(({ name, domain, path, secure, httpOnly, sameSite, session }) => ({ name, domain, path, secure, httpOnly, sameSite, session })), [
          { name: '__Host-sonata', domain: 'studio.sonata.localhost', path: '/', secure: true, httpOnly: true, sameSite: 'Strict', session: false },
        ]);
        const [{ value }] = before;
        assert.equal(await world.own.evaluate(() => document.cookie), '');
        // A sibling host cannot put another in its place.
        const page = await world.visit(`${sibling()}/toss?to=sonata.localhost`);
        await page.evaluate(() => (document.cookie = '__Host-sonata=planted; path=/; secure; domain=sonata.localhost'));
        assert.deepEqual(await cookies(), before);
        // A browser tells hosts apart, not ports: what else listens on the very host of the server is trusted with the cookie.
        assert.deepEqual([...new Set(reached.filter(({ cookie }) => cookie.includes(value)).map(({ host }) => host))].filter((host) => host !== `studio.sonata.localhost:${elsewhere.port}`), []);
        assert.ok(reached.length > 10);
      });

      test('a foreign page cannot sign its visitor in as somebody else', async () => {
        const { link } = await world.ask('mutation ($input: MemberInviteInput!) { answer: memberInvite(input: $input) { link userErrors { message } } }', { input: { email: MALLORY.email, name: MALLORY.name, grants: [{ role: 'DESIGNER' }] } });
        const accept = await fetch(`${world.server.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query: 'mutation ($input: MemberLinkAcceptInput!) { memberLinkAccept(input: $input) { viewer { member { email } } } }', variables: { input: { token: link.split('#')[1], password: MALLORY.password } } }) });
        assert.match(await accept.text(), /mallory/);
        const mutation = `mutation { sessionCreate(input: {email: "${MALLORY.email}", password: "${MALLORY.password}"}) { viewer { member { email } } userErrors { message } } }`;
        const names = Object.keys(ATTACKS).filter((name) => /form|simple|JSON|GET|beacon|websocket/.test(name));
        const before = await cookies();
        for (const [who, open] of STRANGERS) {
          const frame = await open();
          for (const name of names) learnedNothing(await world.attack(frame, name, refusals(ATTACKS[name], 403), { mutation }), `${name} of ${who}`);
          assert.deepEqual(await cookies(), before, who);
        }
        // Nor can a frontend's own page, which may ask.
        await world.ask(`mutation { answer: frontendUpdate(input: {id: "shop", origins: ["${sibling()}"]}) { userErrors { message } } }`);
        const app = await world.visit(`${sibling()}/`);
        const ask = ({ at, mutation, credentials }) => kit.ask(`${at}/graphql`, { method: 'POST', credentials, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query: mutation }) });
        const [said] = await world.seeing({ '/graphql 204': 1, '/graphql 200': 1, 'mutation': 1 }, 'signing in', () => app.evaluate(ask, { at: world.home, mutation, credentials: 'omit' }));
        assert.match(said, /on the pages of Sonata itself/);
        learnedNothing(await world.seeing({ '/graphql 204': 1 }, 'signing in with credentials', () => app.evaluate(ask, { at: world.home, mutation, credentials: 'include' })), 'signing in with credentials');
        const [heard] = await world.attack(app, 'a websocket', { '/graphql 101': 1, 'mutation': 1, 'query': 1 }, { mutation });
        assert.ok(!heard.includes(MALLORY.email), heard);
        await world.ask('mutation { answer: frontendUpdate(input: {id: "shop", origins: []}) { userErrors { message } } }');
        assert.deepEqual(await cookies(), before);
        assert.equal(await me(), ADA.email);
        // On a page of the server's own the same request does it.
        assert.match((await world.attack(world.own, 'JSON with credentials', { '/graphql 200': 2, 'mutation': 1, 'query': 1 }, { mutation }))[0], /mallory/);
        assert.equal(await me(), MALLORY.email);
      });
    }

    test('refusals are counted for whoever reads the audit log', async () => {
      const sum = async () => (await world.directly('{ auditRefusals(first: 100) { edges { node { action code count } } } }')).auditRefusals.edges.reduce((sum, { node }) => sum + (node.action === 'origin' && node.code === 'FORBIDDEN' ? node.count : 0), 0);
      const figures = await world.figures();
      const refused = Object.entries(figures).reduce((sum, [name, count]) => sum + (name.endsWith(' 403') ? count : 0), 0);
      assert.ok(refused > 100, `${refused} requests were refused`);
      await until(async () => (await sum()) === refused, `${refused} refusals`);
    });

    test('a page whose own name was rebound to the server makes nothing run and learns nothing', async () => {
      const [state, figures] = [await world.state(), await world.figures()];
      const at = `http://rebound.example:${world.port}`;
      rebinding.leadTo(elsewhere.port);
      const page = await world.visit(`${at}/`);
      assert.equal(await page.title(), 'Elsewhere');
      rebinding.leadTo(world.port);
      for (const [name, attack] of Object.entries(ATTACKS)) {
        const learned = await world.attack(page, name, refusals(attack, 421), { at });
        learnedNothing(learned.map((said) => (/this server answers on loopback names only/.test(said) ? 'closed' : said)), name);
      }
      for (const path of ['/', '/studio', '/graphiql', '/demo/', '/sdk/sonata.js', '/metrics', '/livez']) {
        const [said, status] = await page.evaluate(async (path) => { const answer = await fetch(path, { cache: 'no-store' }); return [await answer.text(), answer.status]; }, path);
        if (path !== '/livez' || mode === 'development') assert.equal(status, 421, path);
        assert.ok(!/Sonata<|sonata_/.test(said), `${path}: ${said}`);
      }
      assert.ok(!('mutation' in (await world.since(figures))));
      assert.deepEqual(await world.state(), state);
      if (mode === 'development') {
        // A request for another host means that others may reach the server: nobody is the developer from then on.
        assert.match(world.server.log, /the developer is signed out/);
        assert.equal((await world.ask('{ answer: viewer { credential } }')).credential, 'NONE');
        return;
      }
      // The listener for operators has figures and profiles, and nobody signs in there.
      const { port } = new URL(world.figuresAt);
      rebinding.leadTo(elsewhere.port);
      const other = await world.visit(`http://rebound.example:${port}/`);
      rebinding.leadTo(port);
      assert.equal(await other.evaluate(() => fetch('/metrics').then(({ status }) => status)), 421);
      const stranger = await world.visit(away());
      for (const path of ['/metrics', '/debug/pprof/profile?seconds=30']) {
        const answered = world.context.waitForEvent('response', (response) => response.url() === world.figuresAt + path);
        learnedNothing([await stranger.evaluate((address) => kit.ask(address, { mode: 'no-cors', credentials: 'include' }).then((said) => said), world.figuresAt + path)], path);
        assert.equal((await answered).status(), 403, path);
      }
    });
  });
}
