// What can be done from anywhere.
import { useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { Code2, Eye, FilePlus2, Keyboard, Moon, PlusCircle, Rocket, Store, Sun, SunMoon, Undo2, Layers } from 'lucide-react';
import { useMemo } from 'react';
import { useViewer } from '../access/viewer';
import { useFrontend } from '../lib/frontend';
import { usePublish } from '../lib/publish';
import { MOD } from '../shell/keys';
import { placesFor } from '../shell/places';
import type { Item } from './items';

/** What the palette turns into for an action that asks for more. */
export type Dialog = 'screen' | 'frontend' | 'undo';

/** The frontend that `/demo/` shows. */
const DEMO = 'shop';

const schemes: readonly (readonly [MantineColorScheme, string, typeof Sun])[] = [['light', 'Light colors', Sun], ['dark', 'Dark colors', Moon], ['auto', 'Colors of the system', SunMoon]];

const visit = (address: string) => (): void => {
  window.open(address, '_blank', 'noopener');
};

export function useActions(ask: (dialog: Dialog) => void, help: () => void): readonly Item[] {
  const { frontend, environment, chooseEnvironment } = useFrontend();
  const viewer = useViewer();
  const publish = usePublish();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return useMemo(() => {
    const action = (id: string, title: string, icon: Item['icon'], run: () => void, more: Partial<Item> = {}): Item => ({ id: `do ${id}`, group: 'Actions', title, icon, run, ...more });
    return [
      action('new', 'New screen', FilePlus2, () => ask('screen'), { also: 'create add page' }),
      action('publish', 'Publish', Rocket, () => publish(), { also: 'release go live ship', keys: `⇧${MOD}P` }),
      action('undo', 'Undo the last publish', Undo2, () => ask('undo'), { also: 'roll back revert release' }),
      ...(frontend.previewUrl ? [action('open', `Open ${frontend.name}`, Eye, visit(frontend.previewUrl), { also: 'frontend site preview', detail: 'new tab' })] : []),
      ...(frontend.slug === DEMO ? [action('demo', 'Open the demo shop', Store, visit('/demo/'), { also: 'live preview', detail: 'new tab' })] : []),
      action('graphiql', 'Open GraphiQL', Code2, visit('/graphiql'), { also: 'api graphql query', detail: 'new tab' }),
      ...frontend.environments.filter(({ key }) => key !== environment.key).map(({ key }) =>
        action(`environment ${key}`, `Look at ${key}`, Layers, () => chooseEnvironment(key), { also: 'environment switch' })),
      ...schemes.filter(([scheme]) => scheme !== colorScheme).map(([scheme, title, icon]) =>
        action(`scheme ${scheme}`, title, icon, () => setColorScheme(scheme), { also: 'theme mode color scheme appearance' })),
      action('frontend', 'Register a frontend', PlusCircle, () => ask('frontend'), { also: 'new create' }),
      action('keys', 'Keyboard', Keyboard, help, { also: 'shortcuts help', keys: '?' }),
      ...placesFor(viewer, frontend).map(({ path, name, icon }): Item => ({ id: `go ${path}`, group: 'Go to', title: name, icon, to: `/${frontend.slug}${path}` })),
    ];
  }, [ask, help, publish, viewer, frontend, environment.key, chooseEnvironment, colorScheme, setColorScheme]);
}
