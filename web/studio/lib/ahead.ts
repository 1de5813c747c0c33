import { createElement, lazy, useState, type ComponentType, type FunctionComponent } from 'react';

type Loads<Props> = () => Promise<{ readonly default: ComponentType<Props> }>;

/**
 * A part that is loaded when it is needed first, or ahead of that: then it is there with the next frame. (React.lazy alone
 * shows nothing first, and holds what comes after that back for some hundred milliseconds.)
 */
export function ahead<Props extends object>(loads: Loads<Props>): FunctionComponent<Props> & { readonly load: () => void } {
  let ready: ComponentType<Props> | undefined;
  const load = async (): Promise<{ readonly default: ComponentType<Props> }> => {
    const loaded = await loads();
    ready = loaded.default;
    return loaded;
  };
  const Later = lazy(load);
  const Part: FunctionComponent<Props> = (props) => {
    const [Chosen] = useState<ComponentType<Props>>(() => ready ?? (Later as unknown as ComponentType<Props>));
    return createElement(Chosen, props);
  };
  // A failure is told where the part is shown, when it is.
  return Object.assign(Part, { load: () => void load().catch(() => undefined) });
}
