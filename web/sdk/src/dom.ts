// Blocks in the document: an element with `data-block` is one, whether it has a box of its own or not.

/** The block that holds a node, and the key of the screen it stands on when that is told. */
export function blockAt(node: EventTarget | null): { readonly key: string; readonly screen: string | undefined; readonly element: HTMLElement } | undefined {
  const element = node instanceof Element ? node.closest<HTMLElement>('[data-block]') : null;
  const key = element?.dataset['block'];
  if (!element || key === undefined) return undefined;
  return { key, element, screen: element.closest<HTMLElement>('[data-block][data-screen]')?.dataset['screen'] };
}

export const blocksIn = (root: ParentNode): NodeListOf<HTMLElement> => root.querySelectorAll<HTMLElement>('[data-block]');

/**
 * The elements that give a block its place: itself, or, since `display: contents` makes no box, the nearest inside it that
 * have one.
 */
export function boxesOf(element: Element): Element[] {
  return getComputedStyle(element).display === 'contents' ? [...element.children].flatMap(boxesOf) : [element];
}
