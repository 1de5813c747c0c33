// How well words fit what is typed. Pure, so that it can be tested without a page.

export type Range = readonly [from: number, to: number];

export interface Match {
  /** The higher the better. */
  readonly score: number;
  /** What to mark in the text, in order. */
  readonly ranges: readonly Range[];
}

const WORD = /[\p{L}\p{N}]/u;

const startsWord = (text: string, at: number): boolean => at === 0 || !WORD.test(text.charAt(at - 1));

/** Lower case of the same length, so that positions stay true: the few letters that grow stay as they are. */
const lower = (text: string): string => {
  const low = text.toLowerCase();
  return low.length === text.length ? low : Array.from(text, (letter) => (letter.toLowerCase().length === letter.length ? letter.toLowerCase() : letter)).join('');
};

/** One word within a text: at its beginning, at the beginning of a word, or inside one. */
function whole(token: string, text: string): Match | undefined {
  const at = text.indexOf(token);
  if (at === 0) return { score: 100, ranges: [[0, token.length]] };
  for (let next = at; next > 0; next = text.indexOf(token, next + 1)) {
    if (startsWord(text, next)) return { score: 80, ranges: [[next, next + token.length]] };
  }
  return at > 0 ? { score: 55, ranges: [[at, at + token.length]] } : undefined;
}

/** The letters of a word in order, with others between: `pg` is in "Product grid". */
function scattered(token: string, text: string): Match | undefined {
  if (token.length < 2) return undefined;
  const ranges: Range[] = [];
  let gaps = 0;
  let end = 0;
  for (const letter of token) {
    let at = text.indexOf(letter, end);
    // The first letter has to begin a word: otherwise everything would fit everything.
    if (ranges.length === 0) while (at >= 0 && !startsWord(text, at)) at = text.indexOf(letter, at + 1);
    if (at < 0) return undefined;
    const last = ranges.at(-1);
    if (last && last[1] === at) ranges[ranges.length - 1] = [last[0], at + letter.length];
    else {
      if (last) gaps += startsWord(text, at) ? 1 : at - last[1] + 2;
      ranges.push([at, at + letter.length]);
    }
    end = at + letter.length;
  }
  const score = 45 - 4 * gaps;
  return score > 20 ? { score, ranges } : undefined;
}

/** What is typed against a title and further words (a key, a path) that are worth a little less. Every word has to fit. */
export function match(query: string, title: string, more = ''): Match | undefined {
  const low = lower(title);
  const rest = more.toLowerCase();
  const tokens = query.trim().toLowerCase().split(/\s+/).filter(Boolean).slice(0, 8);
  let score = 0;
  const ranges: Range[] = [];
  for (const token of tokens) {
    const inTitle = whole(token, low) ?? scattered(token, low);
    const elsewhere = whole(token, rest);
    if (!inTitle && !elsewhere) return undefined;
    if (inTitle) ranges.push(...inTitle.ranges);
    score += Math.max(inTitle?.score ?? 0, (elsewhere?.score ?? 0) * 0.85);
  }
  if (tokens.length === 0) return { score: 0, ranges: [] };
  // Of two that fit equally well the shorter one is meant.
  return { score: score / tokens.length - Math.min(10, title.length / 20), ranges: joined(ranges) };
}

function joined(ranges: readonly Range[]): readonly Range[] {
  const out: Range[] = [];
  for (const [from, to] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = out.at(-1);
    if (last && from <= last[1]) out[out.length - 1] = [last[0], Math.max(last[1], to)];
    else out.push([from, to]);
  }
  return out;
}
