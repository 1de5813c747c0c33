import { Button, Menu } from '@mantine/core';
import { ChevronDown } from 'lucide-react';
import type { ReactNode } from 'react';
import { useFrontend } from '../lib/frontend';

/** Which environment is looked at. */
export function EnvironmentMenu(): ReactNode {
  const { frontend, environment, chooseEnvironment } = useFrontend();
  return (
    <Menu>
      <Menu.Target>
        <Button className="environment-menu" variant="default" size="compact-md" rightSection={<ChevronDown size={14} aria-hidden="true" />} aria-label={`Environment: ${environment.key}`}>
          {environment.key}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Look at</Menu.Label>
        {frontend.environments.map((entry) => (
          <Menu.Item key={entry.id} onClick={() => chooseEnvironment(entry.key)} aria-current={entry.id === environment.id ? 'true' : undefined} rightSection={<span className="tag">{entry.live ? `release ${entry.live.number}` : 'nothing live'}</span>}>
            {entry.key}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
