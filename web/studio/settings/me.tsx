import { SegmentedControl, TextInput, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useViewer } from '../access/viewer';
import { callMe, MAX_NAME, myName } from '../lib/me';

/** What belongs to this browser alone. */
export function Me(): ReactNode {
  const [name, setName] = useState(myName);
  const member = useViewer()?.member;
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <section className="card" aria-labelledby="settings-me">
      <header><h2 id="settings-me">You, in this browser</h2></header>
      <div className="body stack">
        {!member && <TextInput
          label="Your name" description="What others see while you are in the same screen" value={name} maxLength={MAX_NAME} dir="auto"
          onChange={(event) => { setName(event.currentTarget.value); if (event.currentTarget.value.trim()) callMe(event.currentTarget.value); }}
          onBlur={() => setName(myName())}
        />}
        <div>
          <p className="settings-label" id="settings-colors">Colors</p>
          <SegmentedControl aria-labelledby="settings-colors" value={colorScheme} onChange={(value) => setColorScheme(value as MantineColorScheme)} data={[{ value: 'auto', label: 'As the system' }, { value: 'light', label: 'Light' }, { value: 'dark', label: 'Dark' }]} />
        </div>
      </div>
    </section>
  );
}
