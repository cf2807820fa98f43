import process from 'node:process';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vitest/config';

// In development the gateway runs beside `vite dev`; its address can be changed by SANBIAN_GATEWAY.
const gateway = process.env.SANBIAN_GATEWAY ?? 'http://127.0.0.1:8080';

/** What every page needs, in one file: a phone far from the exchange waits for each request, and small files compress badly. */
const BASE = [
  '/node_modules/svelte/',
  '/node_modules/@sveltejs/kit/',
  '/src/lib/i18n/language',
  '/src/lib/i18n/messages',
  '/src/lib/i18n/catalogue/shell',
  '/src/lib/i18n/catalogue/common',
  '/src/lib/session/',
  '/src/lib/api/clock',
  '/src/lib/api/problem',
  '/src/lib/api/random',
  '/src/lib/format/time',
  '/src/lib/ui/AppShell',
  '/src/lib/ui/Button',
  '/src/lib/ui/Icon',
  '/src/lib/ui/ServerClock',
  '/src/lib/ui/Toaster',
  '/src/lib/ui/toasts'
];

/** Parts of Svelte that only some pages need; the first page does not wait for them. */
const LATER = ['/reactivity/map', '/reactivity/set', '/bindings/select', '/bindings/size', '/blocks/svelte-element', '/blocks/await'];

export default defineConfig({
  plugins: [sveltekit()],
  // Phones of the last five years; older ones get the same markup with less polish.
  build: {
    target: 'es2022',
    // The list of what each page would preload grows with every page and stands in the first file; without it a page's files come a
    // moment later, and the first page stays small.
    modulePreload: false,
    // A tenth smaller than the default, for a build that takes some seconds longer.
    minify: 'terser',
    terserOptions: { compress: { passes: 2 }, module: true },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1500,
    rollupOptions: {
      output: {
        manualChunks: (id) => (BASE.some((part) => id.includes(part)) && !LATER.some((part) => id.includes(part)) ? 'base' : undefined)
      }
    }
  },
  server: { proxy: { '/api': gateway, '/ledger': gateway } },
  test: {
    include: ['src/**/*.test.ts'],
    environment: 'node',
    expect: { requireAssertions: true }
  },
  // State modules use runes: tests take the browser build of Svelte.
  resolve: process.env.VITEST ? { conditions: ['browser'] } : undefined
});
