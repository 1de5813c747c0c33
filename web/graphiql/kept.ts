/** Where GraphiQL notes operations that were run or marked. */
const HISTORY = /^graphiql:(queries|favorites)$/;

// The studio keeps things of its own beside these.
const own = () => Object.keys(localStorage).filter((key) => key.startsWith('graphiql:'));

/**
 * What GraphiQL keeps between two visits, without any headers: they hold API keys, and whatever lies in the storage of a
 * browser can be read by whoever uses it next. GraphiQL leaves them out of its tabs, yet not out of its history.
 */
export const kept = {
  getItem: (key: string) => localStorage.getItem(key),
  setItem: (key: string, value: string) => localStorage.setItem(key, HISTORY.test(key) ? withoutHeaders(value) : value),
  removeItem: (key: string) => localStorage.removeItem(key),
  clear: () => own().forEach((key) => localStorage.removeItem(key)),
  get length() {
    return own().length;
  },
};

const withoutHeaders = (json: string): string => JSON.stringify(JSON.parse(json, (name, value: unknown) => (name === 'headers' ? undefined : value)));
