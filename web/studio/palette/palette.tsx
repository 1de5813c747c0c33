import { useCallback, useState, type ReactNode } from 'react';
import { NewScreen } from '../screens/newscreen';
import { NewFrontend } from '../shell/newfrontend';
import type { Dialog } from './actions';
import { Search } from './search';
import { UndoPublish } from './undo';

interface PaletteProps {
  readonly close: () => void;
  /** Opens the list of shortcuts. */
  readonly help: () => void;
}

/** Everything that can be opened or done, from the keyboard. */
export default function Palette({ close, help }: PaletteProps): ReactNode {
  const [dialog, ask] = useState<Dialog>();
  const done = useCallback(() => close(), [close]);
  switch (dialog) {
    case 'screen': return <NewScreen close={done} />;
    case 'frontend': return <NewFrontend close={done} />;
    case 'undo': return <UndoPublish close={done} />;
    default: return <Search close={done} ask={ask} help={help} />;
  }
}
