// What is sent while a session ends: the request waits until the same person has signed in again, and is sent once more.
import { ask, currentStanding, whenIn } from './viewer';

const DENIED = /"code":\s*"(FORBIDDEN|UNAUTHENTICATED)"/;

/** Mutations that are about signing in are answered as they are. */
const SIGNING = /"operationName":"Studio(SignIn|SignOut|Join|Setup|PasswordChange)"/;

export async function guarded(input: RequestInfo | URL, init: RequestInit): Promise<Response> {
  const response = await fetch(input, init);
  if (typeof init.body === 'string' && SIGNING.test(init.body)) return response;
  const text = await response.text();
  const denied = response.status === 401 || DENIED.test(text);
  if (denied && currentStanding().phase !== 'anonymous' && !(await ask())) {
    await whenIn();
    return fetch(input, init);
  }
  return new Response(text, { status: response.status, statusText: response.statusText, headers: response.headers });
}
