// Where the keyboard goes after a click in the preview. The frame has it then, and no key of the studio would work.

/** To the row of the block in the tree, where it can be moved, copied and deleted; else to what holds the preview. */
export function focusSelected(otherwise: HTMLElement | null): void {
  // The selection is drawn first.
  requestAnimationFrame(() => {
    const row = document.querySelector<HTMLElement>('[role="tree"] [role="treeitem"][aria-selected="true"]');
    (row?.checkVisibility() ? row : otherwise)?.focus({ preventScroll: true });
  });
}

/** How many frames the fields may take to be there: they are loaded with the first block that is selected. */
const PATIENCE = 90;

/** To the first field of the block's props. */
export function focusFields(left = PATIENCE): void {
  requestAnimationFrame(() => {
    const fields = [...document.querySelectorAll<HTMLElement>('[aria-label="Props"] :is(input, textarea, select, [contenteditable="true"])')];
    const first = fields.find((field) => field.checkVisibility() && !field.matches(':disabled'));
    if (first) first.focus();
    else if (left > 0) focusFields(left - 1);
  });
}
