// The fleet in the studio, with real processes: they announce themselves and are there, load moves their figures and the chart,
// more of them run when somebody says so, one dies, all die, and it is said to who may see it, with the way to the process.
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { notReloaded, Server, sideways, startBrowser, until, Visitor } from './harness.mjs';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SDL = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])\n\ntype Query { orders(ms: Int): Int fail: Int }\n';
const AGENT = 'desk';
const PASSWORD = 'seven lamps over the sea';

let browser;
let server;
let ada;
let key; // with which instances are announced
const processes = [];

/** An instance in a process of its own. What it is answered is kept. */
class Instance {
  #port = 0;
  restarts = 0;
  answer;

  constructor(name) {
    this.name = name;
  }

  async start() {
    this.child = fork(path.join(import.meta.dirname, 'fleet-service.mjs'), [String(this.#port)]);
    processes.push(this.child);
    this.child.on('message', ({ url, load }) => {
      this.url = url ?? this.url;
      this.load = load ?? this.load;
    });
    await until(() => this.url && this.load, this.name);
    this.#port = new URL(this.url).port;
    await this.#announces();
    this.timer = setInterval(() => void this.#announces().catch(() => undefined), 400);
    return this;
  }

  async kill() {
    clearInterval(this.timer);
    const end = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await end;
  }

  async #announces() {
    this.answer = await announce({ service: 'orders', instance: this.name, url: this.url, version: '1.4.0', agent: AGENT, ttlSeconds: 2, restarts: this.restarts, ...this.load });
  }
}

/** Says that an instance is there, and returns what it is told. */
async function announce(input) {
  const { instanceHeartbeat } = await asked('mutation ($input: InstanceHeartbeatInput!) { instanceHeartbeat(input: $input) { command desiredReplicas userErrors { message } } }', { input }, key);
  assert.deepEqual(instanceHeartbeat.userErrors, []);
  return instanceHeartbeat;
}

/** Asks the graph with a key, or as a visitor without one. */
async function asked(query, variables = {}, by = undefined) {
  const answer = await fetch(`${server.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', ...(by ? { authorization: `Bearer ${by}` } : {}) }, body: JSON.stringify({ query, variables }) });
  const { data, errors } = await answer.json();
  assert.equal(errors, undefined, JSON.stringify(errors));
  return data;
}

/** Asks the graph as whoever is signed in. */
async function asks(visitor, query, variables = {}) {
  const answer = await visitor.context.request.post(`${server.url}/graphql`, { data: { query, variables }, headers: { 'content-type': 'application/json', origin: server.url } });
  const { data, errors } = await answer.json();
  assert.equal(errors, undefined, JSON.stringify(errors));
  return data;
}

/** Asks the service so many times at once, again and again, until it is told to stop. */
function load(together, ms) {
  let over = false;
  const one = async () => {
    while (!over) await asked(`{ orders(ms: ${ms}) }`).catch(() => new Promise((resolve) => setTimeout(resolve, 50)));
  };
  const all = Promise.all(Array.from({ length: together }, one));
  return async () => {
    over = true;
    await all;
  };
}

/** A person in a browser of their own. */
async function member(name, grants, options = {}) {
  const { memberInvite } = await asks(ada, 'mutation ($input: MemberInviteInput!) { memberInvite(input: $input) { link userErrors { message } } }', { input: { name, email: `${name.toLowerCase()}@example.com`, grants } });
  const link = new URL(memberInvite.link);
  const visitor = await Visitor.open(browser, server, options);
  const join = await visitor.visit(link.pathname + link.hash);
  await join.getByRole('textbox', { name: 'New password' }).fill(PASSWORD);
  await join.keyboard.press('Enter');
  await join.getByRole('button', { name: `Account: ${name}` }).waitFor();
  await join.close();
  return visitor;
}

/** The same person in another browser. */
async function again(options) {
  const visitor = await Visitor.open(browser, server, options);
  await visitor.context.addCookies(await ada.context.cookies());
  return visitor;
}

before(async () => {
  browser = await startBrowser();
  server = await Server.start(['--mode=production', '--demo=on', '--limit-anonymous', '0', '--service-networks', '127.0.0.0/8']);
  ada = await Visitor.open(browser, server);
  const page = await ada.visit(`/studio/setup#${/\/studio\/setup#(\S+)/.exec(server.said)[1]}`);
  await page.getByRole('textbox', { name: 'Your name' }).fill('Ada Byron');
  await page.getByRole('textbox', { name: 'Email' }).fill('ada@example.com');
  await page.getByRole('textbox', { name: 'Password', exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Create the admin and sign in' }).click();
  await page.getByRole('button', { name: 'Account: Ada Byron' }).waitFor();
  await page.close();
  const { apiKeyCreate } = await asks(ada, 'mutation ($input: ApiKeyCreateInput!) { apiKeyCreate(input: $input) { secret userErrors { message } } }', { input: { name: 'Agent', scopes: ['instances:write'], services: ['orders', 'parcels'], requestsPerMinute: 100_000 } });
  assert.deepEqual(apiKeyCreate.userErrors, []);
  key = apiKeyCreate.secret;
});
after(async () => {
  try {
    await ada?.close();
  } finally {
    for (const instance of crew) clearInterval(instance.timer);
    for (const child of processes) child.kill('SIGKILL');
    await browser?.close();
    await server?.remove();
  }
});

const crew = [];
const joins = async (name) => {
  const instance = await new Instance(name).start();
  crew.push(instance);
  return instance;
};

async function open(address = '/studio/shop/services?service=orders', who = ada) {
  const page = await who.visit(address);
  await page.getByRole('heading', { name: 'Services', level: 1 }).waitFor();
  await page.waitForFunction(() => !document.querySelector('[aria-busy="true"]'));
  return page;
}

async function clean(page, what) {
  await page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== 'running'));
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  assert.deepEqual(violations.map(({ id, nodes }) => [id, ...nodes.slice(0, 3).map(({ html, failureSummary }) => `${html} ${failureSummary}`)]), [], what);
  assert.ok((await sideways(page)) <= 0, `${what} scrolls sideways`);
}

/** Light and dark, wide and narrow: no violation, and a picture where those are wanted. */
async function everyWay(what, ready, address) {
  const pictures = process.env.SCREENSHOTS;
  if (pictures) await mkdir(pictures, { recursive: true });
  for (const colorScheme of ['light', 'dark']) {
    for (const [width, height] of [[1280, 900], [360, 740]]) {
      const who = await again({ colorScheme, viewport: { width, height } });
      const page = await open(address, who);
      await ready(page);
      await clean(page, `${what}, ${colorScheme}, ${width} px`);
      if (pictures) {
        await page.screenshot({ path: path.join(pictures, `fleet-${what}-${colorScheme}-${width}-top.png`) });
        await page.setViewportSize({ width, height: Math.max(height, await page.evaluate(() => document.querySelector('#view').scrollHeight + 260)) });
        await page.screenshot({ path: path.join(pictures, `fleet-${what}-${colorScheme}-${width}.png`) });
      }
      await page.close();
      await who.close();
    }
  }
}

/** A picture of what is there now, where those are wanted. */
const picture = async (page, what) => process.env.SCREENSHOTS && page.screenshot({ path: path.join(process.env.SCREENSHOTS, `fleet-${what}.png`) });

const service = (page, name) => page.locator(`#service-${name}`);
const rows = (page) => page.getByRole('list', { name: 'Instances of orders, each' }).getByRole('listitem', { name: /^Instance / });
const row = (page, name) => page.getByRole('listitem', { name: `Instance ${name}`, exact: true });
const figure = (page, name, what) => row(page, name).locator('dl > div').filter({ has: page.locator('dt', { hasText: what }) }).locator('dd').innerText();
const plot = (page) => page.getByRole('figure', { name: 'The last 15 minutes of orders' });
const paths = (page) => plot(page).locator('.fleet-area path.fleet-line').evaluateAll((all) => all.map((line) => line.getAttribute('d')));
const banner = (page) => page.getByRole('region', { name: 'Alerts' });

let page; // a tab that stays open

test('Sonata is there by itself; an instance that comes before its service waits, and serves once it is published', async () => {
  page = await open('/studio/shop/services');
  await service(page, 'sonata').getByRole('button', { name: 'sonata' }).click();
  const own = page.getByRole('list', { name: 'Processes of Sonata' }).getByRole('listitem', { name: /^Instance / });
  await own.getByText('Healthy').waitFor();
  assert.match(await own.innerText(), /busy[^]*CPU of \d[^]*memory/);
  await own.getByText(/^[\d.]+ MiB$/).waitFor();
  assert.equal(await own.getByRole('button').count(), 0);
  const first = await joins('orders-1');
  await service(page, 'orders').getByText('not published yet').waitFor();
  await service(page, 'orders').getByRole('button', { name: 'orders' }).click();
  await row(page, 'orders-1').getByText('Waiting', { exact: true }).waitFor();
  await row(page, 'orders-1').getByText('Its service is not published yet.').waitFor();
  await banner(page).getByText('orders-1 of orders waits: its service is not published yet.').waitFor();
  const { subgraphPublish } = await asks(ada, 'mutation ($input: SubgraphPublishInput!) { subgraphPublish(input: $input) { userErrors { message } } }', { input: { service: 'orders', url: first.url, sdl: SDL, description: 'What was bought' } });
  assert.deepEqual(subgraphPublish.userErrors, []);
  await row(page, 'orders-1').getByText('Serving', { exact: true }).waitFor();
  await row(page, 'orders-1').getByText('Healthy', { exact: true }).waitFor();
  await row(page, 'orders-1').getByText(/1\.4\.0 · run by desk/).waitFor();
  await service(page, 'orders').locator('.service-line').getByText('1 instance', { exact: true }).waitFor();
  await banner(page).waitFor({ state: 'detached' });
  assert.ok(await notReloaded(page));
});

test('load moves the figures and the chart, which the keyboard reads, and a table', async (t) => {
  const stop = load(3, 400);
  t.after(stop);
  await row(page, 'orders-1').getByText(/^[34] of 4 in flight$/).waitFor();
  await row(page, 'orders-1').getByText(/^(75|100) %$/).waitFor();
  await until(async () => Number.parseFloat(await figure(page, 'orders-1', 'rate')) > 0, 'the rate');
  await until(async () => Number.parseFloat(await figure(page, 'orders-1', 'p95')) >= 400, 'p95');
  await until(async () => (await paths(page)).some((path) => path.includes('M')), 'a point', 30_000);
  const [before] = await paths(page);
  await until(async () => (await paths(page))[0] !== before, 'the next point', 30_000);
  await plot(page).getByText('Rate', { exact: true }).click();
  const slider = plot(page).getByRole('slider', { name: 'Requests a second, by time' });
  await until(async () => /orders-1 [\d.]+\/s/.test(await slider.getAttribute('aria-valuetext')), 'the rate in the chart', 30_000);
  await slider.focus();
  await page.keyboard.press('ArrowLeft');
  await plot(page).locator('.fleet-cursor').waitFor();
  const then = await slider.getAttribute('aria-valuetext');
  await page.keyboard.press('End');
  assert.notEqual(await slider.getAttribute('aria-valuetext'), then);
  await page.keyboard.press('Escape');
  await plot(page).locator('.fleet-cursor').waitFor({ state: 'detached' });
  const { x, y, width, height } = await slider.boundingBox();
  await page.mouse.move(x + width - 1, y + height / 2);
  await plot(page).locator('.fleet-dot').waitFor();
  await picture(page, 'chart');
  await page.mouse.move(0, 0);
  await plot(page).getByRole('button', { name: 'Show it as a table' }).click();
  const table = plot(page).getByRole('region', { name: 'Rate of orders as a table' });
  await table.getByRole('columnheader', { name: 'orders-1' }).waitFor();
  await table.getByRole('cell', { name: /\/s$/ }).first().waitFor();
  await clean(page, 'a chart with its table');
  await plot(page).getByRole('button', { name: 'Hide the table' }).click();
  assert.ok(await notReloaded(page));
});

test('three should run: the agent is told, and when they run they are there', async () => {
  const scale = page.getByRole('region', { name: 'How many instances of orders run' });
  await scale.getByText('Nobody said how many should').waitFor();
  const slider = scale.getByRole('slider', { name: 'How many instances of orders should run' });
  assert.equal(await slider.getAttribute('aria-valuetext'), '1 instance');
  await slider.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  assert.equal(await scale.getByRole('spinbutton', { name: 'Should run' }).inputValue(), '3');
  await scale.getByRole('button', { name: 'Run 3' }).click();
  await scale.getByText('1 runs of 3 that should').waitFor();
  await scale.getByText('Said by Ada Byron.').waitFor();
  await until(() => crew[0].answer.desiredReplicas === 3, 'that the agent is told');
  await joins('orders-2');
  await joins('orders-3');
  await until(async () => (await rows(page).count()) === 3, 'all three');
  await scale.getByText('3 run of 3 that should').waitFor();
  await scale.getByRole('spinbutton', { name: 'Should run' }).fill('0');
  await scale.getByText('1 to 200.').waitFor();
  assert.ok(await scale.getByRole('button', { name: 'Set', exact: true }).isDisabled());
  await scale.getByRole('spinbutton', { name: 'Should run' }).fill('3');
});

test('a policy is set, told in words, changed and taken away', async () => {
  const scale = page.getByRole('region', { name: 'How many instances of orders run' });
  await scale.getByText('There is no policy').waitFor();
  await scale.getByRole('button', { name: 'Set a policy…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Scaling policy of orders' });
  await clean(page, 'the policy');
  await picture(page, 'policy');
  await dialog.getByLabel('At least').fill('5');
  await dialog.getByLabel('At most').fill('4');
  await dialog.getByRole('button', { name: 'Set the policy' }).click();
  await dialog.getByText('The maximum is less than the minimum.').waitFor();
  await dialog.getByLabel('At least').fill('3');
  await dialog.getByRole('button', { name: 'Set the policy' }).click();
  await dialog.waitFor({ state: 'detached' });
  await scale.getByText('By a policy, Sonata lets 3 to 4 run, so that each is 60 % busy').waitFor();
  await scale.getByRole('button', { name: 'Take the policy away' }).click();
  await scale.getByText('There is no policy').waitFor();
});

test('an instance is drained after a question', async () => {
  await row(page, 'orders-3').getByRole('button', { name: 'Drain orders-3…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Drain orders-3?' });
  await dialog.getByText('It is asked nothing new').waitFor();
  await dialog.getByRole('button', { name: 'Drain', exact: true }).click();
  await row(page, 'orders-3').getByText('Draining', { exact: true }).waitFor();
  await until(() => crew[2].answer.command !== 'CONTINUE', 'that it is told');
  await until(() => crew[2].answer.command === 'STOP', 'that it is told to stop');
  await crew[2].kill();
  await row(page, 'orders-3').waitFor({ state: 'detached' });
});

test('light and dark, narrow and wide', async () => {
  const stop = load(3, 300);
  await joins('orders-4');
  await everyWay('service', (page) => until(async () => (await rows(page).count()) === 3 && (await paths(page)).length === 3, 'all three'));
  await everyWay('sonata', (page) => page.getByRole('list', { name: 'Processes of Sonata' }).waitFor(), '/studio/shop/services?service=sonata');
  await stop();
  await crew[3].kill();
  await row(page, 'orders-4').waitFor({ state: 'detached', timeout: 30_000 });
});

test('from an alert to the process: two presses', async () => {
  crew[1].restarts = 3;
  const elsewhere = await ada.visit('/studio/shop');
  await banner(elsewhere).getByText('orders-2 of orders was started again 3 times within ten minutes.').waitFor();
  await banner(elsewhere).getByText('Read what it says before it ends').waitFor();
  await clean(elsewhere, 'an alert');
  await banner(elsewhere).getByRole('link', { name: 'Look at orders' }).click();
  await row(elsewhere, 'orders-2').waitFor();
  await banner(elsewhere).getByRole('link', { name: 'Show the process' }).click();
  await until(() => row(elsewhere, 'orders-2').evaluate((at) => at === document.activeElement && at.hasAttribute('data-marked')), 'the focus');
  assert.ok(await row(elsewhere, 'orders-2').evaluate((at) => { const { top, bottom } = at.getBoundingClientRect(); return top >= 0 && bottom <= innerHeight; }), 'it is in sight');
  assert.ok(await notReloaded(elsewhere));
  await elsewhere.getByText('All of them answer, and there is 1 alert.').waitFor();
  await clean(elsewhere, 'a process that was shown');
  await picture(elsewhere, 'process');
  await elsewhere.close();
});

test('one is killed: it is silent and down, and the other goes on', async () => {
  const stop = load(2, 10);
  await crew[1].kill();
  await row(page, 'orders-2').getByText('Silent', { exact: true }).waitFor();
  await row(page, 'orders-2').getByText('Down', { exact: true }).waitFor();
  await row(page, 'orders-2').getByText(/cannot be reached/).waitFor();
  await everyWay('silent', (page) => row(page, 'orders-1').waitFor());
  assert.deepEqual(await asked('{ orders }'), { orders: 7 });
  await stop();
  await row(page, 'orders-2').waitFor({ state: 'detached', timeout: 30_000 });
  await row(page, 'orders-1').getByText('Healthy', { exact: true }).waitFor();
});

test('all are gone: whoever may see services is told wherever they are, worst first; healed, the banner goes', async () => {
  const elsewhere = await ada.visit('/studio/shop/screens');
  const dee = await member('Dee', [{ role: 'DESIGNER', frontend: 'shop' }]);
  const hers = await dee.visit('/studio/shop');
  await announce({ service: 'parcels', instance: 'parcels-1', url: crew[0].url, ttlSeconds: 300 });
  await banner(elsewhere).getByText('parcels-1 of parcels waits').waitFor();
  await crew[0].kill();
  await until(async () => {
    await asked('{ orders }').catch(() => undefined);
    return (await banner(elsewhere).count()) > 0 && (await banner(elsewhere).getByText('Nobody answers for orders').count()) > 0;
  }, 'the alert', 30_000);
  await banner(elsewhere).getByRole('img', { name: 'Error' }).first().waitFor();
  await banner(elsewhere).getByText('parcels-1 of parcels waits').waitFor({ state: 'detached' });
  await banner(elsewhere).getByRole('button', { name: /^and \d more$/ }).click();
  await banner(elsewhere).getByRole('list', { name: 'All other alerts' }).getByText('parcels-1 of parcels waits').waitFor();
  await clean(elsewhere, 'several alerts');
  await everyWay('gone', async (page) => {
    await banner(page).getByText('Nobody answers for orders').waitFor();
    await banner(page).getByRole('button', { name: /^and \d more$/ }).click();
  });
  await banner(elsewhere).getByRole('link', { name: 'Look at orders' }).first().click();
  await service(elsewhere, 'orders').getByRole('list', { name: 'Alerts of orders' }).getByText('Start an instance').waitFor();
  await banner(elsewhere).getByRole('link', { name: 'Show the processes' }).click();
  await until(() => elsewhere.getByRole('region', { name: 'Instances of orders', exact: true }).evaluate((at) => at === document.activeElement), 'the focus');

  assert.equal(await banner(hers).count(), 0);
  assert.equal(await hers.getByRole('navigation', { name: 'Studio' }).getByRole('link', { name: 'Services' }).count(), 0);
  await hers.close();
  const denied = await dee.visit('/studio/shop/services');
  await denied.getByRole('heading', { name: 'You cannot see the services' }).waitFor();
  await denied.getByText('You need services:read for every frontend.').waitFor();
  assert.equal(await banner(denied).count(), 0);
  await denied.close();
  await dee.close();

  await crew[0].start();
  await banner(elsewhere).getByText('Nobody answers for orders').waitFor({ state: 'detached', timeout: 30_000 });
  await row(elsewhere, 'orders-1').getByText('Healthy', { exact: true }).waitFor();
  assert.ok(await notReloaded(elsewhere));
  await elsewhere.close();
});

test('who may only look sees everything, and what is missing at each thing to do', async () => {
  const who = await again();
  // No role reads services and does not change them: what the studio is told is made so. The server decides all the same.
  await who.context.route('**/graphql', async (route) => {
    if (!route.request().postData()?.includes('StudioViewer')) return route.continue();
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: (await answer.text()).replaceAll(/,?"services:write"/g, '') });
  });
  const hers = await open('/studio/shop/services?service=orders', who);
  await row(hers, 'orders-1').waitFor();
  await hers.getByText('You can look at this. You need services:write for the service orders.').waitFor();
  for (const name of ['Drain orders-1…', 'Set', 'Set a policy…']) {
    const button = hers.getByRole('button', { name, exact: true });
    assert.equal(await button.getAttribute('aria-disabled'), 'true', name);
    await button.click({ force: true });
  }
  assert.equal(await hers.getByRole('dialog').count(), 0);
  const slider = hers.getByRole('slider', { name: 'How many instances of orders should run' });
  await slider.press('ArrowRight');
  assert.equal(await slider.inputValue(), '3');
  await clean(hers, 'who may only look');
  await hers.close();
  await who.close();
  await page.close();
});
