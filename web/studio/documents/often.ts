/** How often figures are read again while the tab can be seen, in milliseconds: the server writes them every three seconds. */
export const EVERY = 5_000;
