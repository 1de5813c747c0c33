// What every browser test stands on: a real server on a database of its own, a real browser, and a watch over both.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const BIN = process.env.BIN ?? '';

/** How long the slowest thing that is waited for may take. A test that passes never takes it. */
export const PATIENCE = 15_000;

/** A missing tool must be a failure with a remedy, never a test that was quietly left out. */
function runnable(file, otherwise) {
  try {
    accessSync(file, constants.X_OK);
  } catch {
    throw new Error(otherwise);
  }
}

function tools() {
  if (BIN === '') throw new Error('BIN does not name the server to test: build it with `go build -o bin/sonata .` and pass BIN=$PWD/bin/sonata.');
  runnable(BIN, `BIN names ${BIN}, which is not a program that can be run: build it with \`go build -o bin/sonata .\`.`);
  runnable(CHROMIUM, `There is no Chromium at ${CHROMIUM}: install it (\`apt-get install chromium\`), or name another one with CHROMIUM.`);
}

/** Waits until `check` returns something true, and returns it. It asks every few milliseconds: no test waits for time. */
export async function until(check, what, patience = PATIENCE) {
  const end = Date.now() + patience;
  for (;;) {
    const found = await check();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited ${patience} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}

// The settings of whoever runs the tests must not reach the server under test.
const cleanEnvironment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('SONATA_')));

/** A server process that can be killed and started again on the same address and database. */
export class Server {
  #child;
  #exit;
  #log = '';
  #address = '127.0.0.1:0';
  #settings = [];
  url = '';
  /** What the console says. */
  said = '';

  static async start(settings = []) {
    tools();
    const server = new Server();
    server.#settings = settings;
    server.folder = await mkdtemp(path.join(tmpdir(), 'sonata-browser-'));
    await server.start();
    return server;
  }

  async start() {
    const child = spawn(BIN, ['--listen', this.#address, '--database', `sqlite:${path.join(this.folder, 'sonata.db')}`, '--log-level', 'warn', ...this.#settings], {
      env: cleanEnvironment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    this.said = '';
    child.stdout.on('data', (chunk) => (this.said += chunk));
    child.stderr.on('data', (chunk) => (this.#log += chunk));
    this.#exit = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
    child.once('error', (error) => (this.#log += error));
    await until(async () => {
      if (child.exitCode !== null) throw new Error(`the server ended at once with code ${child.exitCode}: ${this.#log}`);
      const at = /http:\/\/(127\.0\.0\.1:\d+)\/graphql$/m.exec(this.said);
      if (!at) return false;
      this.#address = at[1];
      this.url = `http://${at[1]}`;
      return fetch(`${this.url}/readyz`).then((answer) => answer.ok, () => false);
    }, 'the server to be ready');
  }

  /** Sends a signal and returns how the process ended and how long that took. */
  async stop(signal) {
    const began = performance.now();
    this.#child.kill(signal);
    const end = await this.#exit;
    return { ...end, ms: Math.round(performance.now() - began) };
  }

  async remove() {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await this.stop('SIGKILL');
    await rm(this.folder, { recursive: true, force: true });
  }

  /** What the server complained about. */
  get log() {
    return this.#log;
  }

  async graphql(query, variables = {}) {
    const answer = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = await answer.json();
    assert.equal(errors, undefined, JSON.stringify(errors));
    return data;
  }

  async screen(key) {
    const { frontend } = await this.graphql('{ frontend(slug: "shop") { screens(first: 100) { edges { node { id key version body } } } } }');
    return frontend.screens.edges.map((edge) => edge.node).find((node) => node.key === key);
  }

  /** Runs ops on the draft of a screen and returns the payload, refused or not. */
  async tryEdit(key, ops) {
    const { id, version } = await this.screen(key);
    const { screenEdit } = await this.graphql(
      `mutation ($input: ScreenEditInput!) { screenEdit(input: $input) { screen { version problems { severity code message blockKey pointer } } userErrors { code message path } } }`,
      { input: { screen: id, expectedVersion: version, ops } },
    );
    return screenEdit;
  }

  async edit(key, ops) {
    const payload = await this.tryEdit(key, ops);
    assert.deepEqual(payload.userErrors, []);
    return payload.screen;
  }

  setTitle(title) {
    return this.edit('home', [{ setProps: { key: 'hero', patch: { title } } }]);
  }

  async publish(title = 'A change') {
    const { releasePublish } = await this.graphql(
      `mutation ($title: String!) { releasePublish(input: { frontend: "shop", title: $title, acknowledgeWarnings: true }) {
        release { id number } activation { sequence } userErrors { code message ... on PublishBlocked { problems { code message blockKey pointer } } } } }`,
      { title },
    );
    assert.deepEqual(releasePublish.userErrors, []);
    return releasePublish.release;
  }

  async live(environment = 'production') {
    const { frontend } = await this.graphql('query ($e: String!) { frontend(slug: "shop") { environment(key: $e) { live { id number } } } }', { e: environment });
    return frontend.environment.live;
  }

  async rollBack(toRelease) {
    const { releaseRollBack } = await this.graphql(
      'mutation ($to: ID!) { releaseRollBack(input: { frontend: "shop", toRelease: $to, reason: "The old one was better" }) { release { number } userErrors { code message } } }',
      { to: toRelease },
    );
    assert.deepEqual(releaseRollBack.userErrors, []);
    return releaseRollBack.release;
  }

  async promote(from, to) {
    const { releasePromote } = await this.graphql(
      'mutation ($from: String!, $to: String!) { releasePromote(input: { frontend: "shop", from: $from, to: $to }) { release { number } userErrors { code message } } }',
      { from, to },
    );
    assert.deepEqual(releasePromote.userErrors, []);
    return releasePromote.release;
  }
}

/** Starts the browser. It calls nobody at home, and resolves no names but those of `names`, rules like `MAP *.example 127.0.0.1`. */
export async function startBrowser(names = []) {
  tools();
  return chromium.launch({
    executablePath: CHROMIUM,
    // The signals belong to the test runner.
    handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false,
    args: [
      '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', `--host-resolver-rules=${[...names, 'MAP * ~NOTFOUND', 'EXCLUDE 127.0.0.1'].join(', ')}`,
    ],
  });
}

// What the browser itself writes to the console when a server is not there. A page cannot keep it from doing so.
const UNREACHABLE = /ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_INTERNET_DISCONNECTED|ERR_EMPTY_RESPONSE|ERR_SOCKET_NOT_CONNECTED|ERR_INCOMPLETE_CHUNKED_ENCODING|Error during WebSocket handshake|WebSocket is closed before|Connection closed before receiving a handshake response/;

// What anybody may ask this server for. The studio has no door of its own: if it needs one, the graph lacks something.
const PUBLIC = /^\/($|graphql$|audit\.csv$|assets(\/[0-9a-f]{64})?$|favicon\.svg$|(demo|graphiql|sdk|studio|welcome)(\/|$))/;

/**
 * A browser context under watch: `check` fails if any page in it asked another host or a path that is not public for
 * anything, wrote an error to its console, threw, opened a dialog, or came without a content security policy. `hosts`
 * are others that a test serves pages from itself.
 */
export class Visitor {
  #faults = [];
  #requests = new Set();

  constructor(context, server, { serverMayVanish = false, hosts = [] } = {}) {
    this.context = context;
    this.server = server;
    const seen = (address) => {
      this.#requests.add(address);
      const url = new URL(address);
      if (url.protocol === 'data:' || url.protocol === 'blob:') return;
      if (hosts.includes(url.host)) return;
      if (url.host !== new URL(server.url).host) this.#faults.push(`asked another host: ${address}`);
      else if (!PUBLIC.test(url.pathname)) this.#faults.push(`asked for what is not public: ${address}`);
    };
    context.on('request', (request) => seen(request.url()));
    context.on('response', (response) => {
      if (response.request().resourceType() !== 'document' || hosts.includes(new URL(response.url()).host)) return;
      const policy = response.headers()['content-security-policy'] ?? '';
      if (!/default-src 'none'/.test(policy) || !/script-src 'self'(;|$)/.test(policy)) this.#faults.push(`no strict content security policy: ${response.url()}: ${policy}`);
    });
    context.on('console', (message) => {
      if (message.type() !== 'error' && message.type() !== 'warning') return;
      if (serverMayVanish && UNREACHABLE.test(message.text())) return;
      this.#faults.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
    });
    context.on('weberror', (error) => {
      const { name, message, stack } = error.error();
      this.#faults.push(`threw: ${name}: ${message}\n${stack}`);
    });
    context.on('dialog', (dialog) => {
      this.#faults.push(`opened a dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    context.on('page', (page) => {
      page.on('websocket', (socket) => seen(socket.url().replace(/^ws/, 'http')));
      page.on('crash', () => this.#faults.push('crashed'));
    });
  }

  static async open(browser, server, { serverMayVanish, hosts, ...options } = {}) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce', ...options });
    context.setDefaultTimeout(PATIENCE);
    return new Visitor(context, server, { serverMayVanish, hosts });
  }

  /** A new tab at an address of the server. The mark in it is gone after any reload. */
  async visit(address) {
    const page = await this.context.newPage();
    const answer = await page.goto(this.server.url + address);
    assert.equal(answer.status(), 200, address);
    await page.evaluate(() => (window.notReloaded = true));
    return page;
  }

  get requests() {
    return [...this.#requests];
  }

  check() {
    assert.deepEqual(this.#faults, []);
    assert.ok(this.#requests.size > 0, 'the watch saw no request at all');
  }

  async close() {
    await this.context.close();
    this.check();
  }
}

// ---- texts that were made to do harm, and what tells whether they did

export const SCRIPT = `<script>window.harmed = 'script'</script><img src=x onerror="window.harmed = 'image'"><svg onload="window.harmed = 'svg'"></svg>{{constructor.constructor('window.harmed = 1')()}}\${window.harmed = 2}`;
export const LONG = 'Donaudampfschiff'.repeat(250); // 4,000 letters without a place to break
export const TURNED = 'abc\u202Egnp.exe\u2066\u200Bdef';

/**
 * Waits until the layout of a page or frame has settled: its fonts and pictures are there, nothing is busy, no animation
 * that ends still runs, and two measurements a few frames apart are the same. A page that never settles is measured as it is.
 */
export const settled = (frame) => frame.evaluate(async (patience) => {
  const end = performance.now() + patience;
  // A frame that nobody sees draws nothing and gets no turn.
  const turn = () => Promise.race([new Promise(requestAnimationFrame), new Promise((resolve) => setTimeout(resolve, 200))]);
  const moves = () => document.fonts.status !== 'loaded' || document.querySelector('[aria-busy="true"]') !== null
    || [...document.images].some((image) => !image.complete && image.loading !== 'lazy')
    || document.getAnimations().some((animation) => animation.playState === 'running' && Number.isFinite(animation.effect?.getComputedTiming().endTime));
  const measure = () => [window.innerWidth, window.innerHeight, document.documentElement.scrollWidth, document.documentElement.scrollHeight, document.getElementsByTagName('*').length].join();
  for (let before; performance.now() < end;) {
    const now = moves() ? undefined : measure();
    if (now !== undefined && now === before) return;
    before = now;
    for (let i = 0; i < 4; i++) await turn();
  }
}, 5_000);

/** How far a page or frame scrolls sideways, in px, once its layout has settled. */
export async function sideways(frame) {
  await settled(frame);
  return frame.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}

const harm = (frame) => frame.evaluate(() => ({
  harmed: window.harmed ?? null,
  scripts: [...document.scripts].filter((script) => !script.src.startsWith(new URL(location.href).origin)).length,
  handlers: document.querySelectorAll('[onerror], [onload], [onclick], [onmouseover], [onfocus]').length,
  images: document.querySelectorAll('img[src="x"]').length,
  polluted: {}.polluted ?? Object.keys(Object.prototype)[0] ?? null,
  links: [...document.links].map((link) => link.protocol).filter((protocol) => !['http:', 'https:', 'mailto:', 'tel:'].includes(protocol)),
}));
const HARMLESS = { harmed: null, scripts: 0, handlers: 0, images: 0, polluted: null, links: [] };

/** Fails when anything hostile was more than text in a page, or made it scroll sideways. */
export async function assertHarmless(frame, what) {
  const over = await sideways(frame);
  assert.deepEqual(await harm(frame), HARMLESS, what);
  assert.ok(over <= 0, `${what}: scrolls ${over} px sideways`);
}

// ---- what the demo shows

export const h1 = (page) => page.locator('main h1').first();

/** Waits until the demo shows a screen and follows it. */
export async function following(page) {
  await page.waitForSelector('.shop[data-phase="shown"][data-connection="open"]');
}

export const connection = (page, state) => page.waitForSelector(`.shop[data-connection="${state}"]`);

export async function shows(page, text, locator = h1(page)) {
  await until(async () => (await locator.textContent()) === text, `the text ${JSON.stringify(text)}`);
}

export const notReloaded = (page) => page.evaluate(() => window.notReloaded === true);

/**
 * Notes, in the page, the moment at which an element first has a text. Both processes read the clock of one machine, so
 * that the moment can be compared with one noted here.
 */
export async function stopwatch(page, selector, text) {
  await page.evaluate(([selector, text]) => {
    window.arrivedAt = new Promise((resolve) => {
      const look = () => document.querySelector(selector)?.textContent === text && resolve(performance.timeOrigin + performance.now());
      new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
      look();
    });
  }, [selector, text]);
  return () => page.evaluate(() => window.arrivedAt);
}

/** Presses a button and returns the moment of the press as its page saw it: what the test itself takes is left out. */
export async function press(frame, button) {
  await frame.evaluate(() => {
    window.pressedAt = new Promise((resolve) => addEventListener('click', () => resolve(performance.timeOrigin + performance.now()), { capture: true, once: true }));
  });
  await button.click();
  return frame.evaluate(() => window.pressedAt);
}

export const clock = () => performance.timeOrigin + performance.now();
