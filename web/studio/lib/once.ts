/** A key under which a mutation can be sent again without being done twice. */
export const onceKey = (): string => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
