/**
 * The API's types. `npm run api` writes this file from `openapi.json`; nothing in it is written by hand.
 */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type
export interface paths {}
