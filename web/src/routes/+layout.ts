// A pure client: the gateway serves files and an API, never rendered pages.
export const ssr = false;
export const prerender = false;
export const trailingSlash = 'never';
