// The token of a one-time link stands behind its #, so that no server and no log ever gets it with an address. It is taken
// out of the address before anything else happens, and is kept by this page alone.

let taken: string | undefined;

/** The token that the page was opened with; empty when there was none. */
export function tokenOfPage(): string {
  if (taken === undefined) {
    taken = location.hash.slice(1);
    history.replaceState(history.state, '', location.pathname);
  }
  return taken;
}

export const isLink = (path: string): boolean => /^\/studio\/(join|setup)\/?$/.test(path);
