import type { ReactNode } from 'react';

const PATHS = new Map<string, string>([
  ['leaf', 'M5 19c0-9 5-14 15-14 0 10-5 15-13 14M5 20c2-5 5-8 9-10'],
  ['truck', 'M3 6h11v10H3zM14 10h4l3 3v3h-7M7.5 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM17 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4z'],
  ['hand', 'M7 12V6a1.5 1.5 0 0 1 3 0v5-7a1.5 1.5 0 0 1 3 0v7-5a1.5 1.5 0 0 1 3 0v8c0 4-2 7-6 7s-5-2-7-6l-1-2a1.5 1.5 0 0 1 2.6-1.4z'],
  ['sun', 'M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2M17 17l2 2M19 5l-2 2M7 17l-2 2'],
  ['repair', 'M14.5 6.5a4.5 4.5 0 0 1 5.6-4l-2.7 2.8.6 2.7 2.7.6L23 6a4.5 4.5 0 0 1-6 5.6L8 20.5a2.1 2.1 0 0 1-3-3l9-9a4.5 4.5 0 0 1 .5-2z'],
  ['return', 'M8 5 4 9l4 4M4 9h10a6 6 0 0 1 0 12h-4'],
]);

export function Icon({ name }: { readonly name: string }): ReactNode {
  return (
    <svg className="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
      <path d={PATHS.get(name) ?? PATHS.get('leaf')} />
    </svg>
  );
}

export function Star({ on }: { readonly on: boolean }): ReactNode {
  return (
    <svg viewBox="0 0 20 20" aria-hidden="true" className={on ? 'on' : 'off'}>
      <path d="M10 1.8l2.5 5.3 5.7.8-4.1 4.1 1 5.8L10 15l-5.1 2.8 1-5.8L1.800 7.900l5.7-.8z" />
    </svg>
  );
}
