// Whether a version of a component is within what a build can render. The server decides with whole semver; a version here
// has two numbers, and ranges are made of the same parts.

type Version = readonly [major: number, minor: number];

export function parse(version: string): Version | undefined {
  const found = /^v?(\d+)(?:\.(\d+))?(?:\.\d+)?$/.exec(version.trim());
  return found ? [Number(found[1]), Number(found[2] ?? 0)] : undefined;
}

export const compare = (a: Version, b: Version): number => a[0] - b[0] || a[1] - b[1];

const PART = /^(\^|~|>=|<=|=>|=<|>|<|!=|=)?\s*v?(\d+|[xX*])(?:\.(\d+|[xX*]))?(?:\.(?:\d+|[xX*]))?$/;

/** Undefined when the range is written in a way that is not understood here. */
export function within(version: string, range: string): boolean | undefined {
  const is = parse(version);
  if (!is) return undefined;
  let any = false;
  for (const alternative of range.split('||')) {
    const parts = alternative.trim().replace(/(\S+)\s+-\s+(\S+)/g, '>=$1 <=$2').replace(/([<>=^~!]+)\s+/g, '$1').split(/[\s,]+/).filter(Boolean);
    let all = parts.length > 0;
    for (const part of parts) {
      const fits = one(is, part);
      if (fits === undefined) return undefined;
      all &&= fits;
    }
    any ||= all;
  }
  return any;
}

const number = (text: string | undefined): number | undefined => (text === undefined || /[xX*]/.test(text) ? undefined : Number(text));

function one(is: Version, part: string): boolean | undefined {
  const found = PART.exec(part);
  if (!found) return undefined;
  const major = number(found[2]);
  const minor = number(found[3]);
  if (major === undefined) return true;
  const from: Version = [major, minor ?? 0];
  const whole = minor === undefined;
  const same = whole ? is[0] === major : compare(is, from) === 0;
  switch (found[1]) {
    // Below 1.0 a new minor may break: the caret allows none.
    case '^': return is[0] === major && compare(is, from) >= 0 && (major > 0 || whole || is[1] === minor);
    case '~': return whole ? is[0] === major : same;
    case '>=': case '=>': return compare(is, from) >= 0;
    case '<=': case '=<': return compare(is, from) <= 0 || same;
    case '>': return whole ? is[0] > major : compare(is, from) > 0;
    case '<': return compare(is, from) < 0;
    case '!=': return !same;
    default: return same;
  }
}
