const long = new Intl.DateTimeFormat('en', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
const clock = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

/** A moment in the words of this time zone: "Friday, November 27, 2026 at 09:00". */
export const momentWords = (at: Date): string => `${long.format(at)} at ${clock.format(at)}`;
