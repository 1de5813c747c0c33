// Random trees and random ops on them, the same for the same seed.

/** mulberry32 */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const pick = (chance, list) => list[Math.floor(chance() * list.length)];
const SLOTS = ['children', 'left', 'right'];
const COMPONENTS = ['page', 'section', 'banner', 'image'];
const NAMES = ['title', 'text', 'constructor', 'toString', 'link', 'a'];

function props(chance, patch = false, depth = 0) {
  const object = {};
  for (const name of NAMES) {
    const r = chance();
    if (r < 0.55) continue;
    object[name] = r < 0.7 ? `words ${Math.floor(chance() * 5)} <script>` : r < 0.78 ? Math.floor(chance() * 9) : r < 0.84 ? [1, 'two', { three: 3 }] : r < 0.9 && patch ? null : depth < 2 ? props(chance, patch, depth + 1) : true;
  }
  return object;
}

/** Blocks in document order, as the graph answers them. */
export function randomDraft(chance, size = 1 + Math.floor(chance() * 20)) {
  const blocks = [{ key: 'root', component: 'page', major: 1, props: {}, slots: [] }];
  const depth = new Map([['root', 1]]);
  for (let i = 1; i < size; i++) {
    const key = `k${i}`;
    const parent = pick(chance, blocks.filter((block) => depth.get(block.key) < 8));
    const name = pick(chance, SLOTS);
    const slot = parent.slots.find((other) => other.name === name);
    if (slot) slot.blocks.push(key);
    else parent.slots.push({ name, blocks: [key] });
    depth.set(key, depth.get(parent.key) + 1);
    blocks.push({ key, component: pick(chance, COMPONENTS), major: 1, props: props(chance), slots: [] });
  }
  return blocks;
}

/** Ops that make sense on the draft more often than not. */
export function randomOps(chance, draft, count) {
  const keys = [...draft.blocks.keys()];
  return Array.from({ length: count }, () => {
    const key = pick(chance, keys);
    const place = { parent: pick(chance, keys), slot: pick(chance, SLOTS), index: Math.floor(chance() * 5) - (chance() < 0.1 ? 3 : 0) };
    const r = chance();
    if (r < 0.3) {
      const fresh = `n${Math.floor(chance() * 1e6)}`;
      keys.push(fresh);
      return { kind: 'INSERT', key: fresh, ...place, component: pick(chance, COMPONENTS), major: 1 + Math.floor(chance() * 2), props: props(chance) };
    }
    if (r < 0.55) return { kind: 'MOVE', key, ...place };
    if (r < 0.65) return { kind: 'REMOVE', key };
    if (r < 0.93) return { kind: 'SET_PROPS', key, patch: props(chance, true) };
    return { kind: 'UPGRADE', key, major: 2, props: props(chance) };
  });
}
