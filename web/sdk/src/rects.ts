// Where the blocks are, as the studio draws its outlines over them.
import { blocksIn, boxesOf } from './dom.js';

interface Rect { readonly key: string; readonly x: number; readonly y: number; readonly w: number; readonly h: number }

/** One rectangle a block, in CSS pixels of the window: around all its boxes when it has several. Without a box, none. */
function rects(): readonly Rect[] {
  const found = new Map<string, Rect>();
  for (const element of blocksIn(document)) {
    const key = element.dataset['block'] ?? '';
    const places = boxesOf(element);
    const boxes = (places.length > 0 ? places : [textOf(element)]).map((box) => box.getBoundingClientRect()).filter((r) => r.width > 0 || r.height > 0);
    if (found.has(key) || boxes.length === 0) continue;
    const x = Math.min(...boxes.map((r) => r.left));
    const y = Math.min(...boxes.map((r) => r.top));
    found.set(key, { key, x, y, w: Math.max(...boxes.map((r) => r.right)) - x, h: Math.max(...boxes.map((r) => r.bottom)) - y });
  }
  return [...found.values()];
}

/** The text of a block that draws nothing else. */
function textOf(element: Element): Range {
  const range = document.createRange();
  range.selectNodeContents(element);
  return range;
}

const MOVES = ['scroll', 'resize', 'load', 'transitionend', 'animationend'];
const ATTRIBUTES = ['class', 'style', 'data-block', 'open', 'hidden'];

/** Tells where the blocks are, now and whenever one of them moves: at most once a frame, and only what is news. */
export function watchRects(post: (message: object) => void): () => void {
  let last = '';
  let frame = 0;
  const measure = (): void => {
    frame = 0;
    const message = { type: 'rects', rects: rects(), viewport: { w: innerWidth, h: innerHeight } };
    const text = JSON.stringify(message);
    if (text === last) return;
    last = text;
    post(message);
  };
  const soon = (): void => void (frame ||= requestAnimationFrame(measure));

  const sizes = new ResizeObserver(soon);
  const sized = new Set<Element>();
  const observe = (): void => {
    for (const element of sized) if (!element.isConnected && sized.delete(element)) sizes.unobserve(element);
    for (const box of [document.documentElement, ...[...blocksIn(document)].flatMap(boxesOf)]) {
      if (sized.has(box)) continue;
      sized.add(box);
      sizes.observe(box);
    }
    soon();
  };
  const changes = new MutationObserver(observe);
  changes.observe(document, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ATTRIBUTES });
  for (const type of MOVES) window.addEventListener(type, soon, { capture: true, passive: true });
  // What moves without any of this, an animation of a margin for instance, is seen a little later.
  const late = setInterval(soon, 1_000);
  observe();

  return () => {
    changes.disconnect();
    sizes.disconnect();
    clearInterval(late);
    cancelAnimationFrame(frame);
    for (const type of MOVES) window.removeEventListener(type, soon, { capture: true });
  };
}
