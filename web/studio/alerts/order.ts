interface Ranked {
  readonly severity: string;
  readonly since: string;
}

const ranks: Readonly<Record<string, number>> = { ERROR: 0, WARNING: 1, INFO: 2 };
const rank = ({ severity }: Ranked): number => ranks[severity] ?? 3;

/** The worst first; of those that are as bad, the longest. */
export const worstFirst = <A extends Ranked>(alerts: readonly A[]): readonly A[] => [...alerts].sort((a, b) => rank(a) - rank(b) || Date.parse(a.since) - Date.parse(b.since));
