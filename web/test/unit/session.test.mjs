// Editing sessions of several people against one server that loses requests and answers: nobody's work may get lost, none
// may be done twice, and in the end everybody sees the same.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';
import { random, randomDraft, randomOps } from '../ops.mjs';

const source = (file) => runnerImport(fileURLToPath(new URL(`../../studio/editor/${file}`, import.meta.url)), { configFile: false, logLevel: 'error' }).then(({ module }) => module);

let model;
let Session;
before(async () => {
  const parts = await Promise.all(['apply', 'merge', 'draft'].map((name) => source(`model/${name}.ts`)));
  model = Object.assign({}, ...parts);
  ({ Session } = await source('session/session.ts'));
});

const facts = (version, more = {}) => ({ title: 'Home', path: '/', version, status: 'EDITED', problems: [], ...more });

/** Accepts edits as the server does: merged by aspect, once per idempotency key. */
class Server {
  constructor(draft) {
    this.states = [draft];
    this.edits = [];
    this.answers = new Map();
    this.readers = new Set();
  }
  get version() { return this.states.length; }
  get draft() { return this.states.at(-1); }
  state(version) { return this.states[version - 1]; }

  edit(version, ops, id) {
    const known = this.answers.get(id);
    if (known) return { ...known, facts: facts(this.version) };
    let since = new model.Footprint();
    for (let v = version; v < this.version; v++) {
      const step = model.footprintOf(this.state(v), this.edits[v - 1]);
      for (const [key, aspects] of step.touched) since.touch(key, [...aspects]);
      for (const key of step.removed) since.removed.add(key);
    }
    const mine = model.footprintOf(this.state(version), ops);
    const late = model.footprintOf(this.draft, ops);
    for (const [key, aspects] of late.touched) mine.touch(key, [...aspects]);
    const blocks = [...mine.against(since)];
    if (blocks.length > 0) return { kind: 'conflict', facts: facts(this.version), draft: this.draft, blocks };
    let done;
    try {
      done = model.apply(this.draft, ops);
    } catch (error) {
      const failed = model.applyLeniently(this.draft, ops).failed.map(({ key }) => key);
      if (version < this.version && failed.length > 0) return { kind: 'conflict', facts: facts(this.version), draft: this.draft, blocks: failed };
      return { kind: 'refused', message: error.message, index: undefined, pointer: null };
    }
    const from = this.version;
    this.states.push(done.draft);
    this.edits.push(done.ops);
    const answer = { kind: 'saved', facts: facts(this.version), draft: undefined };
    this.answers.set(id, answer);
    for (const reader of this.readers) reader({ from, ops: done.ops, by: 'Somebody', facts: facts(this.version) });
    return answer;
  }
}

const later = (ms, what) => new Promise((resolve) => setTimeout(() => resolve(what()), ms));

/** A line to the server that is slow, drops what it carries, and breaks. */
function lineTo(server, chance, weather, tab = { alive: true }) {
  return {
    async edit(version, ops, id, whole) {
      if (!tab.alive) return new Promise(() => undefined);
      const sent = JSON.parse(JSON.stringify(ops));
      if (chance() < weather.loss) return later(30, () => ({ kind: 'away' }));
      const answer = await later(1 + chance() * 40, () => server.edit(version, sent, id));
      if (chance() < weather.loss) return later(30, () => ({ kind: 'away' }));
      const { draft, version: at } = server;
      return later(chance() * 30, () => (answer.kind === 'saved' && whole ? { ...answer, draft, facts: facts(at) } : answer));
    },
    read: () => (chance() < weather.loss ? later(10, () => 'away') : later(chance() * 30, () => ({ draft: server.draft, facts: facts(server.version) }))),
    follow(since, then) {
      let gone = false;
      let wait = Promise.resolve();
      const send = (event) => {
        if (gone) return;
        if (event !== 'lost' && chance() < weather.loss / 3) event = 'lost';
        wait = wait.then(() => later(chance() * 40, () => gone || then(event)));
      };
      for (let v = since; v < server.version; v++) send({ from: v, ops: server.edits[v - 1], by: 'Somebody', facts: facts(server.version) });
      server.readers.add(send);
      return () => {
        gone = true;
        server.readers.delete(send);
      };
    },
  };
}

let ids = 0;

/** What a browser keeps; `dead` holds what crashed tabs left. */
class Storage {
  kept = undefined;
  constructor(name, dead = []) {
    this.name = name;
    this.dead = dead;
  }
  enter() {}
  leave() {}
  newId() { return `${this.name}-${++ids}`; }
  keep(kept) { this.kept = kept && structuredClone({ ...kept, base: { root: kept.base.root, blocks: kept.base.blocks } }); }
  /** What the next tab finds after this one crashed. */
  left() { return new Storage(this.name, [...this.dead, ...(this.kept ? [this.kept] : [])]); }
  async inherit(take) { while (this.dead.length > 0 && take(this.dead[0])) this.dead.shift(); }
}

const silent = { say() {}, name: () => 'A block', removed() {} };
const sorted = (value) => (Array.isArray(value) ? value.map(sorted) : value && typeof value === 'object' ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, inner]) => [name, sorted(inner)])) : value);
const plain = (draft) => JSON.stringify([draft.root, [...draft.blocks.values()].map((block) => sorted(block)).sort((a, b) => (a.key < b.key ? -1 : 1))]);

/** Lets time pass, without waiting for it. */
async function pass(t, ms) {
  for (let i = 0; i < ms; i += 10) {
    t.mock.timers.tick(10);
    for (let turn = 0; turn < 12; turn++) await Promise.resolve();
  }
}

const text = (draft, key) => draft.blocks.get(key)?.props.title;
const set = (key, title) => [{ kind: 'SET_PROPS', key, patch: { title } }];
const small = () => model.draftOf([
  { key: 'root', component: 'page', major: 1, props: {}, slots: [{ name: 'children', blocks: ['a', 'b', 'c'] }] },
  ...['a', 'b', 'c'].map((key) => ({ key, component: 'text', major: 1, props: { title: key }, slots: [] })),
]);
const fine = { loss: 0 };

function open(server, name, { chance = random(1), weather = fine, storage = new Storage(name), voice = silent } = {}) {
  const tab = { alive: true };
  const session = new Session(server.draft, facts(server.version), lineTo(server, chance, weather, tab), storage, voice);
  const end = session.start();
  const kill = () => {
    tab.alive = false;
    end();
  };
  return { session, storage, end, kill, draft: () => session.view().draft };
}

describe('a session', () => {
  test('converges with the others, whatever the line does', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const seed = Number(process.env.SEED ?? Date.now() % 1e9);
    t.diagnostic(`seed ${seed}`);
    for (let round = 0; round < 25; round++) {
      const chance = random(seed + round);
      const weather = { loss: 0.25 };
      const server = new Server(model.draftOf(randomDraft(chance, 12)));
      const people = ['ann', 'bob', 'cid'].map((name) => open(server, `${name}${round}`, { chance, weather }));
      for (let turn = 0; turn < 25; turn++) {
        const at = Math.floor(chance() * people.length);
        const one = people[at];
        const r = chance();
        if (r < 0.7) one.session.run(randomOps(chance, one.draft(), 1), 'Something', chance() < 0.5 ? 'typing' : undefined);
        else if (r < 0.8) one.session.turn(chance() < 0.7 ? 'undo' : 'redo');
        else if (r < 0.86) {
          // The tab crashes in the middle of things; the next one takes up what it left.
          const storage = one.storage.left();
          one.kill();
          people[at] = open(server, storage.name, { chance, weather, storage });
        }
        for (const { session } of people) for (const conflict of session.view().conflicts) if (chance() < 0.5) conflict.choose(chance() < 0.5 ? 'mine' : 'theirs');
        await pass(t, Math.floor(chance() * 200));
      }
      weather.loss = 0;
      for (let calm = 0; calm < 12; calm++) {
        for (const { session } of people) for (const conflict of session.view().conflicts) conflict.choose(chance() < 0.5 ? 'mine' : 'theirs');
        await pass(t, 2_000);
      }
      for (const { session, draft, storage } of people) {
        const view = session.view();
        assert.equal(view.saving, 'saved', `seed ${seed}, round ${round}: ${storage.name} is ${view.saving}`);
        assert.equal(plain(draft()), plain(server.draft), `seed ${seed}, round ${round}: ${storage.name} sees something else`);
        assert.equal(view.facts.version, server.version);
        assert.equal(storage.kept, undefined);
      }
      for (const { end } of people) end();
    }
  });

  test('merges different blocks, and keeps both sides of the same one until somebody chooses', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    for (const side of ['mine', 'theirs']) {
      const server = new Server(small());
      const [ann, bob] = [open(server, 'ann'), open(server, 'bob')];
      await pass(t, 100);
      ann.session.run(set('a', 'Ann'), 'Title');
      bob.session.run(set('b', 'Bob'), 'Title');
      await pass(t, 500);
      assert.deepEqual([text(ann.draft(), 'b'), text(bob.draft(), 'a')], ['Bob', 'Ann']);
      ann.session.run(set('c', 'Ann again'), 'Title');
      bob.session.run(set('c', 'Bob again'), 'Title');
      await pass(t, 500);
      const torn = [ann, bob].find(({ session }) => session.view().conflicts.length > 0);
      const [conflict] = torn.session.view().conflicts;
      assert.deepEqual([conflict.block, torn.session.view().saving], ['c', 'conflict']);
      assert.notEqual(conflict.mine.props.title, conflict.theirs.props.title);
      assert.equal(text(torn.draft(), 'c'), conflict.mine.props.title, 'what was typed stays where it was typed');
      conflict.choose(side);
      await pass(t, 500);
      assert.equal(text(server.draft, 'c'), conflict[side].props.title);
      assert.equal(plain(ann.draft()), plain(bob.draft()));
      for (const { end } of [ann, bob]) end();
    }
  });

  test('sees a conflict with what is still being typed, and does not send it', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const server = new Server(small());
    const [ann, bob] = [open(server, 'ann'), open(server, 'bob')];
    ann.session.run(set('a', 'typing'), 'Title', 'typing');
    bob.session.run(set('a', 'sent'), 'Title');
    await pass(t, 1_000);
    assert.equal(ann.session.view().conflicts.length, 1);
    ann.session.run(set('a', 'typing on'), 'Title', 'typing');
    await pass(t, 1_000);
    assert.equal(text(server.draft, 'a'), 'sent');
    ann.session.view().conflicts[0].choose('mine');
    await pass(t, 500);
    assert.equal(text(server.draft, 'a'), 'typing on');
    for (const { end } of [ann, bob]) end();
  });

  test('puts a block back with all below it that somebody deleted while it was changed here', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const server = new Server(model.apply(small(), [{ kind: 'MOVE', key: 'b', parent: 'a', slot: 'left', index: 0 }]).draft);
    const [ann, bob] = [open(server, 'ann'), open(server, 'bob')];
    ann.session.run(set('a', 'kept'), 'Title', 'typing');
    bob.session.run([{ kind: 'REMOVE', key: 'a' }], 'Delete');
    await pass(t, 500);
    const [conflict] = ann.session.view().conflicts;
    assert.equal(conflict.theirs, undefined);
    assert.equal(conflict.mine.props.title, 'kept');
    conflict.choose('mine');
    await pass(t, 500);
    assert.deepEqual([text(server.draft, 'a'), text(server.draft, 'b')], ['kept', 'b']);
    assert.deepEqual(model.placeOf(server.draft, 'b'), { parent: 'a', slot: 'left', index: 0 });
    for (const { end } of [ann, bob]) end();
  });

  test('undoes typing as one step, and leaves alone what somebody changed since', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const said = [];
    const server = new Server(small());
    const ann = open(server, 'ann', { voice: { ...silent, say: (message) => said.push(message) } });
    const bob = open(server, 'bob');
    for (const title of ['H', 'He', 'Hey']) ann.session.run(set('a', title), 'Title', 'typing');
    ann.session.run([{ kind: 'REMOVE', key: 'b' }], 'Delete');
    await pass(t, 500);
    assert.equal(ann.session.turn('undo'), 'b');
    ann.session.turn('undo');
    assert.equal(plain(ann.draft()), plain(small()));
    ann.session.turn('redo');
    assert.equal(text(ann.draft(), 'a'), 'Hey');
    await pass(t, 500);
    bob.session.run(set('a', 'Bob'), 'Title');
    await pass(t, 500);
    ann.session.turn('undo');
    await pass(t, 500);
    assert.equal(text(server.draft, 'a'), 'Bob');
    assert.match(said.join(), /somebody else has changed the same/);
    for (const { end } of [ann, bob]) end();
  });

  test('does not send an edit twice whose answer was lost, not even after a crash', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const server = new Server(small());
    const storage = new Storage('ann');
    const tab = { alive: true };
    const line = lineTo(server, random(3), fine, tab);
    let lose = true;
    const deaf = { ...line, edit: async (...asked) => { const answer = await line.edit(...asked); return lose ? { kind: 'away' } : answer; } };
    const first = new Session(server.draft, facts(server.version), deaf, storage, silent);
    const end = first.start();
    first.run([{ kind: 'INSERT', key: 'new', parent: 'root', slot: 'children', index: 0, component: 'text', major: 1, props: {} }], 'Insert');
    await pass(t, 200);
    assert.equal(first.view().saving, 'waiting');
    first.run(set('new', 'typed afterwards'), 'Title', 'typing');
    const left = storage.left();
    lose = false;
    tab.alive = false;
    end();
    const second = open(server, 'ann', { storage: left });
    await pass(t, 3_000);
    assert.equal(server.version, 3);
    assert.equal(text(server.draft, 'new'), 'typed afterwards');
    assert.equal(second.session.view().saving, 'saved');
    second.end();
  });

  test('keeps what the server refuses where it was typed, and sends it once it is mended', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const server = new Server(small());
    const line = lineTo(server, random(4), fine);
    const strict = { ...line, edit: async (version, ops, id, whole) => {
      const index = ops.findIndex((op) => /^javascript:/.test(op.patch?.title ?? ''));
      return index < 0 ? line.edit(version, ops, id, whole) : { kind: 'refused', message: 'A URL could run script.', index, pointer: '/title' };
    } };
    const session = new Session(server.draft, facts(server.version), strict, new Storage('ann'), silent);
    const end = session.start();
    session.run([...set('a', 'javascript:alert(1)'), ...set('b', 'good')], 'Both');
    await pass(t, 500);
    assert.deepEqual([text(server.draft, 'a'), text(server.draft, 'b'), text(session.view().draft, 'a')], ['a', 'good', 'javascript:alert(1)']);
    assert.equal(session.view().saving, 'conflict');
    assert.deepEqual(session.view().problems.map(({ blockKey, pointer }) => [blockKey, pointer]), [['a', '/title']]);
    session.run(set('a', 'mended'), 'Title');
    await pass(t, 500);
    assert.deepEqual([text(server.draft, 'a'), session.view().saving, session.view().problems], ['mended', 'saved', []]);
    end();
  });
});
