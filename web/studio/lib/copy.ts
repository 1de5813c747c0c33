import { toast } from './toast';

/** The browser gives the clipboard to secure pages only: https, or this machine. */
export const failedToCopy = (): void => void toast({ tone: 'bad', message: 'This browser does not let the page copy. Select the text and copy it by hand.' });
