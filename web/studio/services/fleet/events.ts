/** An event of a stream of processes. */
export interface Followed<I> {
  readonly fleet: { readonly instances: readonly I[]; readonly left: readonly string[]; readonly complete: boolean };
}

/** What is known after an event: who was known stays in place, who joined comes after. */
export function after<I extends { readonly id: string }>(before: readonly I[], { instances, left, complete }: Followed<I>['fleet']): readonly I[] {
  const changed = new Map(instances.map((instance) => [instance.id, instance]));
  const gone = new Set(left);
  const stayed = complete ? [] : before.filter(({ id }) => !gone.has(id)).map((instance) => changed.get(instance.id) ?? instance);
  const known = new Set(stayed.map(({ id }) => id));
  return [...stayed, ...instances.filter(({ id }) => !known.has(id))];
}
