// Where the keyboard goes after a click in the preview. The frame has it then, and no key of the studio would work.

/** How many frames the tree may take to draw a selection. */
const DRAWN = 30;

/** To the row of the block in the tree, where it can be moved, copied and deleted; else to what holds the preview. */
export function focusSelected(key: string, otherwise: HTMLElement | null, wanted: () => boolean, left = DRAWN): void {
  requestAnimationFrame(() => {
    if (!wanted()) return;
    const row = document.querySelector<HTMLElement>(`[role="tree"] [role="treeitem"][aria-selected="true"][data-row="${CSS.escape(key)}"]`);
    if (row) (row.checkVisibility() ? row : otherwise)?.focus({ preventScroll: true });
    else if (left > 0) focusSelected(key, otherwise, wanted, left - 1);
    else otherwise?.focus({ preventScroll: true });
  });
}

/** How many frames the fields may take to be there: they are loaded with the first block that is selected. */
const PATIENCE = 90;

/** To the first field of the block's props. */
export function focusFields(wanted: () => boolean = () => true, left = PATIENCE): void {
  requestAnimationFrame(() => {
    if (!wanted()) return;
    const fields = [...document.querySelectorAll<HTMLElement>('[aria-label="Props"] :is(input, textarea, select, [contenteditable="true"])')];
    const first = fields.find((field) => field.checkVisibility() && !field.matches(':disabled'));
    if (first) first.focus();
    else if (left > 0) focusFields(wanted, left - 1);
  });
}

/** How many frames the browser may take to tell this page that the frame got the focus: the frame is another process. */
const TOLD = 12;

/** Goes on once the frame has the focus, which only a person gives it; else never. */
export function whenFocused(frame: HTMLIFrameElement, then: () => void, left = TOLD): void {
  if (document.activeElement === frame) then();
  else if (left > 0) requestAnimationFrame(() => whenFocused(frame, then, left - 1));
}
